import type { Outlined } from "../../control/planning/plan-materialization.ts";
import { counted } from "../../core/counted.ts";
import { errorTable } from "../../core/errors/error-table.ts";
import { blockedError } from "../../core/plan/blocked-error.ts";
import { leftOut } from "../../core/plan/expand-plan.ts";
import { explainPlan } from "../../core/plan/explain-plan.ts";
import { countSteps } from "../../core/plan/plan-outline.ts";
import { paint } from "../text/paint.ts";

/** A plan in words, and what would keep it from running. */
export function planLines({ outline, now }: Outlined): readonly string[] {
  const lines = [`plan on snapshot ${outline.snapshot}: ${counted(countSteps(outline), "step")}`];
  lines.push(...explainPlan(outline));
  // One blocked step keeps all of them from running.
  const fixes = [
    ...(outline.blocked.length > 0 ? [errorTable.STEP_BLOCKED.fix] : []),
    ...outline.leftBehind.map((left) => blockedError(leftOut(left, now)).fix),
  ];
  if (fixes.length > 0) lines.push(`so nothing would be run ${paint("cyan", "→")} ${fixes.join(" ")}`);
  return lines;
}
