import type { Log } from "../../core/asset/run-context.ts";
import type { Execution } from "../execution.ts";

/** Log lines of a step, or where there is none of its run, kept with the run. */
export function stepLog(
  step: { readonly key: string } | undefined,
  {
    writer,
    options,
  }: { readonly writer: Execution["writer"]; readonly options: Pick<Execution["options"], "report"> },
): Log {
  const line =
    (level: "debug" | "info" | "warn" | "error") =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      const of = step === undefined ? {} : { step: step.key };
      const said = { ...of, level, message, ...(fields === undefined ? {} : { fields }) };
      writer.follow(writer.write([{ change: "log", ...said }]), () => {
        options.report({ progress: "log", ...said });
      });
    };
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}
