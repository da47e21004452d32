import { describeMismatch } from "../catalog/schema-mismatch.ts";
import { firstFew } from "../first-few.ts";
import { partitionSpan } from "./partition-span.ts";
import { describeHold } from "../catalog/hold.ts";
import type { HeldStep, Plan, PlanStep } from "./plan.ts";
import { describeCause } from "./stale-cause.ts";

/** A plan in words, a line each. Partitions of one asset with the same reason share a line. */
export function explainPlan(plan: Plan): readonly string[] {
  const lines = [
    ...grouped(
      plan.steps,
      ({ computation }) => computation.key,
      (step) => `${made(step)}${step.certainty}: ${reason(step)}`,
    ),
    ...grouped(
      plan.held,
      ({ asset }) => asset.key,
      (step) => heldText(step, plan),
    ),
  ];
  for (const blocked of plan.blocked) {
    const why =
      "leaves" in blocked
        ? `${describeMismatch(blocked.mismatch)}, so ${firstFew(blocked.leaves)} must be made along`
        : `${blocked.dependency} lacks ${firstFew(blocked.missing)}`;
    lines.push(`${blocked.key}  blocked: ${why}`);
  }
  for (const { key, partitions } of plan.retired) {
    lines.push(
      `${key}${partitions === undefined ? "" : ` [${firstFew(partitions)}]`}  retired: it has left the code`,
    );
  }
  if (plan.fresh > 0) lines.push(`${plan.fresh} fresh, left alone`);
  if (lines.length === 0) lines.push("nothing to do");
  return lines;
}

interface Explained {
  readonly partition?: string;
  readonly range: PlanStep["range"];
}

function grouped<S extends Explained>(
  steps: readonly S[],
  name: (step: S) => string,
  text: (step: S) => string,
): readonly string[] {
  const groups = Map.groupBy(steps, (step) => `${name(step)}\n${text(step)}`);
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const partitions = first.partition === undefined ? "" : ` [${partitionSpan(alike)}]`;
    return [`${name(first)}${partitions}  ${text(first)}`];
  });
}

/** "held by ada (bad prices), left alone though its code changed". */
function heldText({ key, hold, causes }: HeldStep, plan: Plan): string {
  const why = causes.map(describeCause).join(", ");
  const told = describeHold(hold);
  if (plan.steps.some((step) => step.key === key)) return `${told}: its new version will stay staged`;
  return `${told}, left alone${why === "" ? "" : ` though ${why}`}`;
}

/** Which assets a step of several makes, and which of them only because they come along. */
function made({ outputs, computation }: PlanStep): string {
  if (computation.outputs.length === 1) return "";
  const names = (asked: boolean): string =>
    outputs.flatMap((output) => (output.asked === asked ? output.asset.key : [])).join(", ");
  const along = names(false);
  return `makes ${names(true)}${along === "" ? "" : `, and with it ${along}`}; `;
}

function reason(step: PlanStep): string {
  const causes = step.causes.map(describeCause).join(", ");
  if (step.certainty === "may run") return "if what it reads comes out different";
  return causes === "" ? "asked for" : causes;
}
