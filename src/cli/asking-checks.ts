import type { ControlContext } from "../control/control-context.ts";
import type { Log } from "../core/asset/run-context.ts";
import type { ExitCode } from "./exit-code.ts";
import { catchInterruption } from "./interruption.ts";
import { usingProject, type Invocation } from "./invocation.ts";

/** What a command that asks checks hands on: they may take their time, and have something to say. */
export interface AskingChecks {
  readonly signal: AbortSignal;
  readonly logOf: (asset: string) => Log;
  /** Tells people, not machines. */
  readonly say: (lines: readonly string[]) => void;
}

/** Opens the project for a command that asks checks outside of a run. @param canceling What is told when it is interrupted */
export async function askingChecks(
  invocation: Invocation,
  canceling: string,
  work: (context: ControlContext, asking: AskingChecks) => Promise<ExitCode>,
): Promise<ExitCode> {
  const say = (lines: readonly string[]): void => {
    if (!invocation.json) invocation.print(...lines);
  };
  using interruption = catchInterruption(() => say([canceling]));
  const { signal } = interruption;
  const logOf = (asset: string): Log => {
    const line = (level: string) => (message: string) => say([`  ${asset}  ${level}: ${message}`]);
    return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
  };
  try {
    return await usingProject(invocation, ({ context }) => work(context, { signal, logOf, say }));
  } catch (error) {
    if (signal.aborted) return interruption.exitCode;
    throw error;
  }
}
