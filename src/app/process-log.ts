import { pino, type DestinationStream } from "pino";
import type { ServingLog } from "../serving/serving-options.ts";

/** Log lines (JSON) of the process itself, from the level that `MILLRACE_LOG` names, else warnings. On standard error. */
export function processLogger(destination?: DestinationStream): ServingLog {
  const level = process.env["MILLRACE_LOG"] ?? "warn";
  return pino({ level, base: null }, destination ?? pino.destination({ fd: 2, sync: true }));
}
