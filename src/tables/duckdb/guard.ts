import type { DuckDBConnection } from "@duckdb/node-api";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { QueryLimits } from "../../ports/table-engine.ts";

/** An interrupt that comes between two engine calls is lost, so it is repeated until the work has stopped. */
const repeatMs = 10;

/** Lets the work run within its limits; what it does on the connection is interrupted beyond them. */
export async function guard<T>(
  connection: DuckDBConnection,
  { signal, timeLimitMs }: Pick<QueryLimits, "signal" | "timeLimitMs">,
  work: () => Promise<T>,
): Promise<T> {
  if (signal?.aborted === true) throw new MillraceError("CANCELED");
  if (signal === undefined && timeLimitMs === undefined) return work();

  let stopped: MillraceError | undefined;
  let repeat: NodeJS.Timeout | undefined;
  const stop = (error: MillraceError): void => {
    if (stopped !== undefined) return;
    stopped = error;
    connection.interrupt();
    repeat = setInterval(() => connection.interrupt(), repeatMs);
  };
  const cancel = (): void => stop(new MillraceError("CANCELED"));
  const timer =
    timeLimitMs === undefined
      ? undefined
      : setTimeout(
          () => stop(new MillraceError("QUERY_TIMED_OUT", { limit: `${timeLimitMs} ms` })),
          timeLimitMs,
        );
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await work();
  } catch (thrown) {
    if (stopped !== undefined && /interrupt/i.test(reasonOf(thrown))) throw stopped;
    throw thrown;
  } finally {
    clearTimeout(timer);
    clearInterval(repeat);
    signal?.removeEventListener("abort", cancel);
  }
}
