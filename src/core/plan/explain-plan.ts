import { firstFew } from "./first-few.ts";
import { partitionSpan } from "./partition-span.ts";
import type { Plan, PlanStep } from "./plan.ts";
import { describeCause } from "./stale-cause.ts";

/** A plan in words, a line each. Partitions of one asset with the same reason share a line. */
export function explainPlan(plan: Plan): readonly string[] {
  const lines: string[] = [];
  const groups = Map.groupBy(plan.steps, (step) => `${step.asset.key}\n${step.certainty}\n${reason(step)}`);
  for (const steps of groups.values()) {
    const [first] = steps;
    if (first === undefined) continue;
    const partitions = first.partition === undefined ? "" : ` [${partitionSpan(steps)}]`;
    lines.push(`${first.asset.key}${partitions}  ${first.certainty}: ${reason(first)}`);
  }
  for (const blocked of plan.blocked) {
    lines.push(`${blocked.key}  blocked: ${blocked.dependency} lacks ${firstFew(blocked.missing)}`);
  }
  if (plan.fresh > 0) lines.push(`${plan.fresh} fresh, left alone`);
  if (plan.steps.length === 0 && plan.fresh === 0) lines.push("nothing to do");
  return lines;
}

function reason(step: PlanStep): string {
  const causes = step.causes.map(describeCause).join(", ");
  if (step.certainty === "may run") return "if what it reads comes out different";
  return causes === "" ? "asked for" : causes;
}
