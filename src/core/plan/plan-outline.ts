import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import type { Hold } from "../catalog/hold.ts";
import type { SchemaMismatch } from "../catalog/schema-mismatch.ts";
import type { RangeSet } from "../partition/range-set.ts";
import type { PartitionSpace } from "../partition/space.ts";
import type { Plan, PlanStep } from "./plan.ts";
import type { StaleCause } from "./stale-cause.ts";

/** Steps of one computation of which the same holds, for a set of partitions. */
export interface PlannedSteps extends Pick<PlanStep, "computation" | "outputs" | "certainty" | "causes"> {
  readonly space: PartitionSpace;
  readonly partitions: RangeSet;
}

/** Steps that cannot run, or do without what they lack, and what each of them lacks. */
export interface BlockedSteps {
  readonly computation: Computation;
  readonly space: PartitionSpace;
  readonly partitions: RangeSet;
  readonly dependency: AssetDefinition;
  readonly dependencySpace: PartitionSpace;
  readonly missing: RangeSet;
  /** Each step lacks the partition that is its own; else each lacks all that is missing. */
  readonly own: boolean;
}

/** An output that a rollback holds where it is (N17), over a set of partitions. */
export interface HeldOutputs {
  /** Of the steps that would make it. */
  readonly computation: Computation;
  readonly space: PartitionSpace;
  readonly partitions: RangeSet;
  readonly asset: AssetDefinition;
  readonly hold: Hold;
  readonly causes: readonly StaleCause[];
}

/** Partitions that a plan leaves out of an asset, though they cannot be read beside what it makes (N6). */
export interface LeftPartitions {
  readonly asset: AssetDefinition;
  readonly space: PartitionSpace;
  readonly partitions: RangeSet;
  readonly mismatch: SchemaMismatch;
}

/** A plan by sets of partitions: what it costs grows with what differs between them, not with how many there are. */
export interface PlanOutline extends Pick<
  Plan,
  "selection" | "snapshot" | "retired" | "fresh" | "fullRefresh"
> {
  /** Upstream before downstream. */
  readonly steps: readonly PlannedSteps[];
  readonly blocked: readonly BlockedSteps[];
  /** Steps that read what there is of something that lacks partitions, as they are told to (N24). */
  readonly without: readonly BlockedSteps[];
  readonly leftBehind: readonly LeftPartitions[];
  readonly held: readonly HeldOutputs[];
}

/** How many steps an outline has. */
export function countSteps({ steps }: PlanOutline): number {
  return steps.reduce((sum, { partitions }) => sum + partitions.count, 0);
}
