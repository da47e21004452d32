import type { RunStart } from "../../control/materialize.ts";
import { counted } from "../../core/counted.ts";

/** How much of an id people are shown; `runs show` takes it. */
export function shortId(runId: string): string {
  return runId.slice(0, 8);
}

export function startLine({ runId, plan, continued }: RunStart): string {
  const total = plan.steps.length;
  if (continued === undefined) return `run ${shortId(runId)}: ${counted(total, "step")}`;
  return `continuing run ${shortId(runId)} (${continued} of ${counted(total, "step")} already done)`;
}
