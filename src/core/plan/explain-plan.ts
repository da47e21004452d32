import type { Plan, PlanStep } from "./plan.ts";
import { describeCause } from "./stale-cause.ts";

/** A plan in words, a line each. Partitions of one asset with the same reason share a line. */
export function explainPlan(plan: Plan): readonly string[] {
  const lines: string[] = [];
  const groups = new Map<string, PlanStep[]>();
  for (const step of plan.steps) {
    const group = `${step.asset.key}\n${step.certainty}\n${reason(step)}`;
    const steps = groups.get(group);
    if (steps === undefined) groups.set(group, [step]);
    else steps.push(step);
  }
  for (const steps of groups.values()) {
    const [first] = steps;
    if (first === undefined) continue;
    const partitions = first.partition === undefined ? "" : ` [${spanOf(steps)}]`;
    lines.push(`${first.asset.key}${partitions}  ${first.certainty}: ${reason(first)}`);
  }
  for (const blocked of plan.blocked) {
    lines.push(`${blocked.key}  blocked: ${blocked.dependency} lacks ${shown(blocked.missing)}`);
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

/** Neighbours as a stretch: "2001-01 to 2001-03, 2001-06, 4 partitions". */
function spanOf(steps: readonly PlanStep[]): string {
  const stretches: PlanStep[][] = [];
  for (const step of steps) {
    const last = stretches.at(-1);
    if (last?.at(-1)?.range.to === step.range.from) last.push(step);
    else stretches.push([step]);
  }
  const names = stretches.map((stretch) => {
    const [first, last] = [stretch[0]?.partition, stretch.at(-1)?.partition];
    return first === last ? String(first) : `${first} to ${last}`;
  });
  return steps.length === 1 ? shown(names) : `${shown(names)}, ${steps.length} partitions`;
}

/** The first few of many. */
function shown(names: readonly string[]): string {
  const few = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${few} and ${names.length - 5} more` : few;
}
