import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { Hold } from "../catalog/hold.ts";
import type { PartitionRange } from "../partition/range.ts";
import type { Retired } from "./retirement.ts";
import type { StaleCause } from "./stale-cause.ts";

/** One asset, or one partition of it, to be made. */
export interface PlanStep {
  /** `daily_delays`, `flights[2001-01]`: its identity within a run. */
  readonly key: string;
  readonly asset: AssetDefinition;
  readonly range: PartitionRange;
  /** Absent for an unpartitioned asset. */
  readonly partition?: string;
  /** Keys of the steps of this plan whose outputs it reads. */
  readonly dependsOn: readonly string[];
  /** `may run`: only if one of those outputs comes out different (N22). */
  readonly certainty: "runs" | "may run";
  /** Why it is here; empty when it was simply asked for. */
  readonly causes: readonly StaleCause[];
}

/** What cannot be made, because something it reads is not there and not about to be made (N24). */
export interface BlockedStep {
  readonly key: string;
  readonly dependency: string;
  /** Names of the missing partitions, or the dependency's own key. */
  readonly missing: readonly string[];
}

/** What a rollback holds where it is (N17). */
export interface HeldStep {
  readonly key: string;
  readonly asset: AssetDefinition;
  readonly range: PartitionRange;
  readonly partition?: string;
  readonly hold: Hold;
  /** Why it would be stale; empty when it would not. */
  readonly causes: readonly StaleCause[];
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
}

export function stepKey(asset: AssetDefinition, partition: string | undefined): string {
  return partition === undefined ? asset.key : `${asset.key}[${partition}]`;
}
