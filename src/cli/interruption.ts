import { exitCode, type ExitCode } from "./exit-code.ts";

/** Ctrl-C and SIGTERM, taken over for as long as a command can end cleanly by itself. */
export interface Interruption extends Disposable {
  /** Aborted by the first of them. The second ends the process at once. */
  readonly signal: AbortSignal;
  /** What to answer when it was aborted. */
  readonly exitCode: ExitCode;
}

/** @param onFirst Called once, when the command is asked to end */
export function catchInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  let code: ExitCode = exitCode.interrupted;
  const stop = (name: NodeJS.Signals): void => {
    const asked: ExitCode = name === "SIGTERM" ? exitCode.terminated : exitCode.interrupted;
    if (controller.signal.aborted) process.exit(asked);
    code = asked;
    onFirst();
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return {
    signal: controller.signal,
    get exitCode() {
      return code;
    },
    [Symbol.dispose]() {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
    },
  };
}
