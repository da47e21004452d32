import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { Hold } from "../catalog/hold.ts";
import type { Computation } from "../asset/computation.ts";
import type { SchemaMismatch } from "../catalog/schema-mismatch.ts";
import type { PartitionRange } from "../partition/range.ts";
import type { Retired } from "./retirement.ts";
import type { StaleCause } from "./stale-cause.ts";

/** One execution of a computation: makes its assets, or the same partition of each. */
export interface PlanStep {
  /** `daily_delays`, `flights[2001-01]`: its identity within a run. */
  readonly key: string;
  readonly computation: Computation;
  /** What it makes, in the order of the computation's outputs; never empty. */
  readonly outputs: readonly PlanOutput[];
  /** Of every output. */
  readonly range: PartitionRange;
  /** Absent for unpartitioned assets. */
  readonly partition?: string;
  /** Keys of the steps of this plan whose outputs it reads. */
  readonly dependsOn: readonly string[];
  /** `may run`: only if one of those outputs comes out different (N22). */
  readonly certainty: "runs" | "may run";
  /** Why it is here: of all its outputs. Empty when it was simply asked for. */
  readonly causes: readonly StaleCause[];
}

/** An asset, or a partition of it, that a step makes. */
export interface PlanOutput {
  readonly asset: AssetDefinition;
  /** False where it is made only because it comes out of the same step as what was asked for. */
  readonly asked: boolean;
  readonly causes: readonly StaleCause[];
}

export type BlockedStep = MissingInput | LeftBehind;

/** What cannot be made, because something it reads is not there and not about to be made (N24). */
export interface MissingInput {
  readonly key: string;
  readonly dependency: string;
  /** Names of the missing partitions, or the dependency's own key. */
  readonly missing: readonly string[];
}

/** An output that a rollback holds where it is (N17). */
export interface HeldStep {
  /** Of the step that would make it. */
  readonly key: string;
  readonly asset: AssetDefinition;
  readonly range: PartitionRange;
  readonly partition?: string;
  readonly hold: Hold;
  /** Why it would be stale; empty when it would not. */
  readonly causes: readonly StaleCause[];
}

/** An asset of which only some partitions would be made, while the others cannot be read as they are declared now (N6). */
export interface LeftBehind {
  readonly key: string;
  readonly mismatch: SchemaMismatch;
  /** Names of the partitions that the plan leaves out. */
  readonly leaves: readonly string[];
}

/** What a run will do, decided before it starts. Data: `--explain` prints it, the engine executes it. */
export interface Plan {
  readonly selection: string;
  readonly snapshot: number;
  readonly steps: readonly PlanStep[];
  readonly blocked: readonly BlockedStep[];
  /** Selected and held: with `--stale` left alone, else made, and its version stays staged. */
  readonly held: readonly HeldStep[];
  /** What is current and has left the code, selected or not: the publish of this run ends its pointers (N12). */
  readonly retired: readonly Retired[];
  /** Selected assets or partitions that are fresh and therefore left alone. */
  readonly fresh: number;
  /** Appending assets are made anew instead of being added to; false when absent. */
  readonly fullRefresh?: boolean;
}

/** Steps are named after their computation. */
export function stepKey({ key }: Computation, partition: string | undefined): string {
  return partition === undefined ? key : `${key}[${partition}]`;
}

/** One output of a step, for messages: the step's own name where it has no other. */
export function outputKey({ computation, partition }: PlanStep, { key }: AssetDefinition): string {
  return stepKey({ ...computation, key }, partition);
}
