import type { RunStart } from "../../control/materialize.ts";
import { counted } from "../../core/counted.ts";
import { shortId } from "../text/short-id.ts";

/** "run 1a2b3c4d: 12 steps", "continuing run 1a2b3c4d (3 of 12 steps already done)". */
export function startLine({ runId, plan, continued }: RunStart): string {
  const total = plan.steps.length;
  if (continued === undefined) return `run ${shortId(runId)}: ${counted(total, "step")}`;
  return `continuing run ${shortId(runId)} (${continued} of ${counted(total, "step")} already done)`;
}
