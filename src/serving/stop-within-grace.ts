import type { FastifyInstance } from "fastify";
import { MillraceError } from "../core/errors.ts";
import type { RequestWork } from "./request-work.ts";

/** A connection that is kept becomes idle with its last answer, and would be waited for until it times out. */
const sweepMs = 50;

/** Answers of what was just stopped still go out; whoever does not take them by then is cut off. */
const lastWordMs = 250;

/** When the server closes, what runs has this many milliseconds to end; then it is stopped. */
export function stopWithinGrace(
  app: FastifyInstance,
  running: ReadonlySet<RequestWork>,
  graceMs: number,
): void {
  let timer: NodeJS.Timeout | undefined;
  let sweep: NodeJS.Timeout | undefined;
  app.addHook("preClose", async () => {
    sweep = setInterval(() => app.server.closeIdleConnections(), sweepMs);
    timer = setTimeout(() => {
      for (const work of running) work.abort(new MillraceError("SHUTTING_DOWN"));
      setTimeout(() => app.server.closeAllConnections(), lastWordMs).unref();
    }, graceMs);
    timer.unref();
  });
  app.addHook("onClose", async () => {
    clearTimeout(timer);
    clearInterval(sweep);
  });
}
