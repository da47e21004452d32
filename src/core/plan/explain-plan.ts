import { describeMismatch } from "../catalog/schema-mismatch.ts";
import { describeHold } from "../catalog/hold.ts";
import { firstFew } from "../first-few.ts";
import { RangeSet } from "../partition/range-set.ts";
import type { PartitionSpace } from "../partition/space.ts";
import type { BlockedSteps, HeldOutputs, PlannedSteps, PlanOutline } from "./plan-outline.ts";
import { rangeNames, rangeSpan } from "./range-span.ts";
import { describeCause } from "./stale-cause.ts";

/** What a plan has in mind for an asset, or for some of its partitions. */
export interface Explanation {
  /** The asset, or the multi-asset. */
  readonly key: string;
  /** Undefined for what has no partitions. */
  readonly partitions: string | undefined;
  readonly fate: "runs" | "may run" | "held" | "blocked" | "retired";
  readonly text: string;
}

/** A plan in words, a line each. */
export function explainPlan(plan: PlanOutline): readonly string[] {
  const lines = explanations(plan).map(({ key, partitions, text }) => {
    const span = partitions === undefined ? "" : ` [${partitions}]`;
    return `${key}${span}  ${text}`;
  });
  if (plan.fresh > 0) lines.push(`${plan.fresh} fresh, left alone`);
  return lines.length === 0 ? ["nothing to do"] : lines;
}

/** Everything that is not left alone as fresh. Partitions of one asset with the same reason are told of together. */
export function explanations(plan: PlanOutline): readonly Explanation[] {
  return [
    ...grouped(
      plan.steps,
      ({ computation }) => computation.key,
      ({ certainty }) => certainty,
      (steps) =>
        `${made(steps)}${steps.certainty}: ${reason(steps)}${addition(steps, plan)}${without(steps, plan)}`,
    ),
    ...plan.held.flatMap((held) => explainHeld(held, plan)),
    ...grouped(
      plan.blocked,
      ({ computation }) => computation.key,
      () => "blocked",
      (blocked) => `blocked: ${blocked.dependency.key} lacks ${lacked(blocked)}`,
    ),
    ...plan.leftBehind.map(({ asset, space, partitions, mismatch }): Explanation => {
      const why = `${describeMismatch(mismatch)}, so ${rangeNames(partitions, space)} must be made along`;
      return { key: asset.key, partitions: undefined, fate: "blocked", text: `blocked: ${why}` };
    }),
    ...plan.retired.map(({ key, partitions }): Explanation => ({
      key,
      partitions: partitions && firstFew(partitions),
      fate: "retired",
      text: "retired: it has left the code",
    })),
  ];
}

/** Partitions that it would read if they were there, and is told to do without (N24). */
function without({ computation }: PlannedSteps, plan: PlanOutline): string {
  const lacking = plan.without.filter((one) => one.computation === computation);
  return lacking
    .map((one) => `, without ${rangeNames(one.missing, one.dependencySpace)} of ${one.dependency.key}`)
    .join("");
}

/** What becomes of the rows that an appending asset has. */
function addition({ outputs }: PlannedSteps, { fullRefresh = false }: PlanOutline): string {
  if (!outputs.some(({ asset }) => asset.appends)) return "";
  return fullRefresh ? "; makes all rows anew" : "; adds rows";
}

interface Explained {
  readonly space: PartitionSpace;
  readonly partitions: RangeSet;
}

function grouped<S extends Explained>(
  groups: readonly S[],
  keyOf: (group: S) => string,
  fateOf: (group: S) => Explanation["fate"],
  textOf: (group: S) => string,
): readonly Explanation[] {
  return [...Map.groupBy(groups, (group) => `${keyOf(group)}\n${textOf(group)}`).values()].flatMap(
    (alike) => {
      const [first] = alike;
      if (first === undefined) return [];
      const all = RangeSet.of(alike.flatMap((group) => group.partitions.ranges));
      const partitions = first.space.definition.kind === "none" ? undefined : rangeSpan(all, first.space);
      return [{ key: keyOf(first), partitions, fate: fateOf(first), text: textOf(first) }];
    },
  );
}

/** "held by ada (bad prices), left alone though its code changed". */
function explainHeld(held: HeldOutputs, { steps }: PlanOutline): readonly Explanation[] {
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
          () => "held",
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
