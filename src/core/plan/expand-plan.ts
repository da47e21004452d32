import { rangeOf } from "../partition/range.ts";
import type { RangeSet } from "../partition/range-set.ts";
import type { PartitionSpace } from "../partition/space.ts";
import type { PlanRequest } from "./plan-request.ts";
import {
  stepKey,
  type HeldStep,
  type LeftBehind,
  type MissingInput,
  type Plan,
  type PlanStep,
} from "./plan.ts";
import type { BlockedSteps, LeftPartitions, PlanOutline } from "./plan-outline.ts";
import { stepEdges } from "./step-edges.ts";

/** The steps of an outline one by one, in the order of the project and of its partitions, with their edges. */
export function expandPlan(
  outline: PlanOutline,
  { graph, known, now }: Pick<PlanRequest, "graph" | "known" | "now">,
): Plan {
  const steps = inOrder(outline.steps, now).map(([ordinal, { space, partitions: _, ...step }]): PlanStep => {
    const partition = space.keyOf(ordinal);
    return {
      ...step,
      key: stepKey(step.computation, partition),
      range: rangeOf(ordinal),
      ...(partition === undefined ? {} : { partition }),
      dependsOn: [],
    };
  });
  const edgesOf = stepEdges(steps, graph, known, now);
  const { leftBehind, without: _, ...told } = outline;
  return Object.freeze({
    ...told,
    steps: steps.map((step) => ({ ...step, dependsOn: edgesOf(step) })),
    blocked: [
      ...inOrder(outline.blocked, now).map(([ordinal, blocked]) => blockedStep(ordinal, blocked, now)),
      ...leftBehind.map((left) => leftOut(left, now)),
    ],
    held: inOrder(outline.held, now).map(
      ([ordinal, { computation, space, asset, hold, causes }]): HeldStep => {
        const partition = space.keyOf(ordinal);
        return {
          key: stepKey(computation, partition),
          asset,
          range: rangeOf(ordinal),
          ...(partition === undefined ? {} : { partition }),
          hold,
          causes,
        };
      },
    ),
  });
}

function blockedStep(
  ordinal: number,
  { computation, space, dependency, dependencySpace, missing, own }: BlockedSteps,
  now: number,
): MissingInput {
  const lacked = own ? [ordinal] : ordinalsInOrder(missing, dependencySpace, now);
  return {
    key: stepKey(computation, space.keyOf(ordinal)),
    dependency: dependency.key,
    missing: lacked.map((each) => dependencySpace.keyOf(each) ?? dependency.key),
  };
}

/** The same with the partitions named one by one. */
export function leftOut({ asset, space, partitions, mismatch }: LeftPartitions, now: number): LeftBehind {
  const leaves = ordinalsInOrder(partitions, space, now).map((ordinal) => space.keyOf(ordinal) ?? "");
  return { key: asset.key, mismatch, leaves };
}

interface Grouped {
  readonly computation: object;
  readonly space: PartitionSpace;
  readonly partitions: RangeSet;
}

/** Groups of one computation stand together; within it, partitions go before groups. */
function inOrder<G extends Grouped>(groups: readonly G[], now: number): readonly (readonly [number, G])[] {
  return [...Map.groupBy(groups, ({ computation }) => computation).values()].flatMap((own) => {
    const places = own.flatMap((group) =>
      Array.from(group.partitions.ordinals(), (ordinal) => {
        return { place: group.space.indexOf(ordinal, now) ?? ordinal, ordinal, group };
      }),
    );
    return places
      .sort((a, b) => a.place - b.place)
      .map(({ ordinal, group }): readonly [number, G] => [ordinal, group]);
  });
}

function ordinalsInOrder(set: RangeSet, space: PartitionSpace, now: number): readonly number[] {
  return [...set.ordinals()].sort((a, b) => (space.indexOf(a, now) ?? a) - (space.indexOf(b, now) ?? b));
}
