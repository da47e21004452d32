import { pino, type DestinationStream } from "pino";
import type { Redactor } from "../core/config/redactor.ts";
import type { ServingLog } from "../serving/serving-options.ts";

/**
 * Log lines (JSON) of the process itself, from the level that `MILLRACE_LOG` names, else warnings.
 *
 * @param destination Standard error when absent
 */
export function processLogger(redactor: Redactor, destination?: DestinationStream): ServingLog {
  const level = process.env["MILLRACE_LOG"] ?? "warn";
  const hooks = { streamWrite: (line: string) => redactor.text(line) };
  return pino({ level, base: null, hooks }, destination ?? pino.destination({ fd: 2, sync: true }));
}
