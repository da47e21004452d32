import { describeMismatch } from "../catalog/schema-mismatch.ts";
import { describeHold } from "../catalog/hold.ts";
import { firstFew } from "../first-few.ts";
import { RangeSet } from "../partition/range-set.ts";
import type { PartitionSpace } from "../partition/space.ts";
import type { BlockedSteps, HeldOutputs, PlannedSteps, PlanOutline } from "./plan-outline.ts";
import { rangeNames, rangeSpan } from "./range-span.ts";
import { describeCause } from "./stale-cause.ts";

/** A plan in words, a line each. Partitions of one asset with the same reason share a line. */
export function explainPlan(plan: PlanOutline): readonly string[] {
  const lines = [
    ...grouped(
      plan.steps,
      ({ computation }) => computation.key,
      (steps) => `${made(steps)}${steps.certainty}: ${reason(steps)}`,
    ),
    ...plan.held.flatMap((held) => heldLines(held, plan)),
    ...grouped(
      plan.blocked,
      ({ computation }) => computation.key,
      (blocked) => `blocked: ${blocked.dependency.key} lacks ${lacked(blocked)}`,
    ),
  ];
  for (const { asset, space, partitions, mismatch } of plan.leftBehind) {
    const why = `${describeMismatch(mismatch)}, so ${rangeNames(partitions, space)} must be made along`;
    lines.push(`${asset.key}  blocked: ${why}`);
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
  readonly space: PartitionSpace;
  readonly partitions: RangeSet;
}

function grouped<S extends Explained>(
  groups: readonly S[],
  name: (group: S) => string,
  text: (group: S) => string,
): readonly string[] {
  return [...Map.groupBy(groups, (group) => `${name(group)}\n${text(group)}`).values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const partitions = RangeSet.of(alike.flatMap((group) => group.partitions.ranges));
    const span = first.space.definition.kind === "none" ? "" : ` [${rangeSpan(partitions, first.space)}]`;
    return [`${name(first)}${span}  ${text(first)}`];
  });
}

/** "held by ada (bad prices), left alone though its code changed". */
function heldLines(held: HeldOutputs, { steps }: PlanOutline): readonly string[] {
  const planned = RangeSet.of(
    steps.flatMap(({ computation, partitions }) =>
      computation === held.computation ? partitions.ranges : [],
    ),
  );
  const why = held.causes.map(describeCause).join(", ");
  const told = describeHold(held.hold);
  const parts = [
    [held.partitions.intersection(planned), `${told}: its new version will stay staged`],
    [held.partitions.difference(planned), `${told}, left alone${why === "" ? "" : ` though ${why}`}`],
  ] as const;
  return parts.flatMap(([partitions, text]) =>
    partitions.isEmpty
      ? []
      : grouped(
          [{ ...held, partitions }],
          ({ asset }) => asset.key,
          () => text,
        ),
  );
}

function lacked({ dependency, dependencySpace, missing }: BlockedSteps): string {
  return dependencySpace.definition.kind === "none" ? dependency.key : rangeNames(missing, dependencySpace);
}

/** Which assets a step of several makes, and which of them only because they come along. */
function made({ outputs, computation }: PlannedSteps): string {
  if (computation.outputs.length === 1) return "";
  const names = (asked: boolean): string =>
    outputs.flatMap((output) => (output.asked === asked ? output.asset.key : [])).join(", ");
  const along = names(false);
  return `makes ${names(true)}${along === "" ? "" : `, and with it ${along}`}; `;
}

function reason(steps: PlannedSteps): string {
  const causes = steps.causes.map(describeCause).join(", ");
  if (steps.certainty === "may run") return "if what it reads comes out different";
  return causes === "" ? "asked for" : causes;
}
