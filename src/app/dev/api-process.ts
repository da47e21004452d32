import { fork, type StdioOptions } from "node:child_process";
import type { ErrorReport } from "../../core/error-report.ts";
import { reportError } from "../../core/error-report.ts";
import { MillraceError } from "../../core/errors.ts";
import type { ApiFailed, ApiReady, ApiStart, ApiStop } from "./api-message.ts";

export interface ApiProcessOptions extends Omit<ApiStart, "message"> {
  /** Where what the project's code writes to standard output goes. */
  readonly output: "stdout" | "stderr";
}

/** Why an API process did not come to serve. */
export class ApiNotReady extends Error {
  override readonly name = "ApiNotReady";
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.message);
    this.report = report;
  }
}

/** A process that loads the project and serves it: starting → ready → (asked to stop) → ended, or failed. */
export interface ApiProcess {
  readonly socketPath: string;
  /** Rejects with {@link ApiNotReady}. */
  readonly ready: Promise<ApiReady>;
  /** Resolves, with how it ended, when the process is gone. */
  readonly ended: Promise<string>;
  /** Lets it finish what it has begun, for so many milliseconds at most. */
  stop(graceMs: number): void;
  kill(): void;
}

export function startApiProcess(options: ApiProcessOptions): ApiProcess {
  const { output, ...start } = options;
  const stdio: StdioOptions = ["ignore", output === "stdout" ? "inherit" : 2, "inherit", "ipc"];
  const child = fork(new URL("./api-main.ts", import.meta.url), { stdio });
  const { promise: ready, resolve, reject } = Promise.withResolvers<ApiReady>();
  // Whoever only waits for the end must not be told of an unhandled rejection.
  ready.catch(() => undefined);
  child.on("message", (message: ApiReady | ApiFailed) => {
    if (message.message === "ready") resolve(message);
    else reject(new ApiNotReady(message.report));
  });
  const ended = new Promise<string>((resolveEnd) => {
    const end = (how: string): void => {
      const reason = `the API process ${how} before it was ready`;
      reject(new ApiNotReady(reportError(new MillraceError("INTERNAL", { reason }))));
      resolveEnd(how);
    };
    child.once("error", (error) => end(`could not be started (${error.message})`));
    child.once("exit", (code, signal) =>
      end(signal === null ? `ended with code ${code ?? 0}` : `was ended by ${signal}`),
    );
  });
  const send = (message: ApiStart | ApiStop): void => {
    // An error means that it is gone already, which `ended` tells.
    if (child.connected) child.send(message, () => undefined);
  };
  send({ message: "start", ...start });
  return {
    socketPath: start.socketPath,
    ready,
    ended,
    stop(graceMs) {
      send({ message: "stop" });
      const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
      void ended.then(() => clearTimeout(timer));
    },
    kill: () => void child.kill("SIGKILL"),
  };
}
