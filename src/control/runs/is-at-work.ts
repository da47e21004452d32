import type { RunRecord } from "../../core/run/run.ts";
import type { ControlContext } from "../control-context.ts";

/** Does somebody work on the run? On this machine the process itself tells whether it lives; elsewhere only its lease does. */
export function isAtWork({ owner, leased }: RunRecord, { processes }: ControlContext): boolean {
  return owner === undefined ? leased : (processes.isAlive(owner) ?? leased);
}
