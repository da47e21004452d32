import type { Plan } from "../../core/plan/plan.ts";
import { describeCause } from "../../core/plan/stale-cause.ts";
import { isoTime } from "../iso-time.ts";

/** A plan as plain data, with assets by their keys. */
export interface PlanData {
  readonly selection: string;
  /** The snapshot it was made on. */
  readonly snapshot: number;
  readonly steps: readonly {
    readonly key: string;
    /** What it makes. Not asked for: it comes out of the same step as what was. */
    readonly outputs: readonly {
      readonly asset: string;
      readonly asked: boolean;
      readonly causes: readonly string[];
    }[];
    readonly partition: string | undefined;
    readonly dependsOn: readonly string[];
    /** `may run`: only if something it reads comes out different. */
    readonly certainty: "runs" | "may run";
    readonly causes: readonly string[];
  }[];
  /** What cannot be made, because something it reads is neither there nor about to be made. */
  readonly blocked: Plan["blocked"];
  /** What a rollback holds: with `--stale` left alone, else made, and its version stays staged. */
  readonly held: readonly {
    readonly key: string;
    readonly asset: string;
    readonly partition: string | undefined;
    readonly by: string;
    readonly reason: string;
    readonly since: string;
    /** Why it would be stale. */
    readonly causes: readonly string[];
  }[];
  /** What is current and has left the code: the publish of this run ends its pointers. */
  readonly retired: readonly { readonly asset: string; readonly partitions: readonly string[] | undefined }[];
  /** How many were found fresh and are left alone. */
  readonly fresh: number;
  /** Appending assets are made anew instead of being added to. */
  readonly fullRefresh: boolean;
}

export function planData(plan: Plan): PlanData {
  return {
    selection: plan.selection,
    snapshot: plan.snapshot,
    steps: plan.steps.map(({ key, outputs, partition, dependsOn, certainty, causes }) => ({
      key,
      outputs: outputs.map((output) => ({
        asset: output.asset.key,
        asked: output.asked,
        causes: output.causes.map(describeCause),
      })),
      partition,
      dependsOn,
      certainty,
      causes: causes.map(describeCause),
    })),
    blocked: plan.blocked,
    held: plan.held.map(({ key, asset, partition, hold, causes }) => ({
      key,
      asset: asset.key,
      partition,
      by: hold.by,
      reason: hold.reason,
      since: isoTime(hold.at),
      causes: causes.map(describeCause),
    })),
    retired: plan.retired.map(({ key, partitions }) => ({ asset: key, partitions })),
    fresh: plan.fresh,
    fullRefresh: plan.fullRefresh ?? false,
  };
}
