import type { Log } from "../core/asset/run-context.ts";
import type { Execution } from "./execution.ts";

/** Log lines of a step, kept with its run. */
export function stepLog(step: { readonly key: string }, { writer, options }: Execution): Log {
  const line =
    (level: "debug" | "info" | "warn" | "error") =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      const said = { step: step.key, level, message, ...(fields === undefined ? {} : { fields }) };
      writer.follow(writer.write([{ change: "log", ...said }]), () => {
        options.report({ progress: "log", ...said });
      });
    };
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}
