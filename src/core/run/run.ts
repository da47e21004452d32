import type { RunConfig } from "../config/run-config.ts";
import type { PublishPolicy } from "./publish-policy.ts";
import type { PartitionRange } from "../partition/range.ts";

/**
 * queued → starting → running → success | failure | canceled. A run whose process died stays `running` with a lease
 * that lapses; whoever takes it over gets a higher token and goes on from what is committed.
 */
export type RunStatus = "queued" | "starting" | "running" | "success" | "failure" | "canceled";

/** pending → running → success | failure | skipped; an interrupted step goes back to pending when the run is resumed. */
export type StepStatus = "pending" | "running" | "success" | "failure" | "skipped";

/** Why a step was skipped: all it reads is as it was (N22), its code said so, because of something above it, or nobody asks for it any longer. */
export type SkipCause = "unchanged" | "author" | "upstream" | "dropped";

/** What of its job a run was asked for, beside its config. */
export interface AskedOfJob {
  /** Key of the partition that it is about. */
  readonly partition?: string;
  /** These steps of its graph only, as they were named. */
  readonly only?: readonly string[];
  /** The run that gives what steps which are left out would. */
  readonly givenBy?: string;
  /** Keys of the assets that it makes, by the node of its graph that stands for them. */
  readonly makes?: Readonly<Record<string, readonly string[]>>;
}

/** Which process holds a run: enough to tell, on the same machine, whether it is still alive. */
export interface RunOwner {
  readonly host: string;
  readonly pid: number;
  /** When the process began, in a form the operating system gives; tells a reused pid from the same process. */
  readonly processStart: string;
}

export interface RunRecord {
  readonly id: string;
  readonly status: RunStatus;
  /** What was asked for, as typed by the user. */
  readonly selection: string;
  /** The job that it is a run of. */
  readonly job?: string;
  /** Of it; absent where the run is none of a job. */
  readonly asked?: AskedOfJob;
  /** Hash of what was asked for: an interrupted run with the same identity is continued. */
  readonly identity: string;
  /** Hash of the code that does it and of the external content it reads. */
  readonly basis: string;
  readonly trigger: string;
  /** The snapshot its steps read (N14). */
  readonly snapshot: number;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly error?: string;
  readonly owner?: RunOwner;
  /** Grows with each process that takes it over; what `takeOver` compares with, so that only one of two gets it. */
  readonly token: number;
  /** True while the lease has not lapsed, by the database's clock. */
  readonly leased: boolean;
  /** Times it was continued by another process. */
  readonly resumes: number;
  readonly stepCount: number;
  readonly tags: Readonly<Record<string, string>>;
  /** The code it was launched with (N9). */
  readonly codePin?: string;
  /** What it was given, without secrets; absent where that is nothing. */
  readonly config?: RunConfig;
  /** It makes appending assets anew instead of adding to them; false when absent. */
  readonly fullRefresh?: boolean;
  /** When what it makes becomes current (N16). */
  readonly publish: PublishPolicy;
}

/** A step that failed, in whatever run. */
export interface FailedStepRecord {
  readonly assetId: number;
  readonly runId: string;
  readonly key: string;
  readonly range: PartitionRange;
  readonly endedAt: number;
  readonly reason: string;
  readonly code: string;
  /** With what it failed (N23); absent where it could not be told. */
  readonly codeVersion?: string;
  readonly inputVersion?: string;
}

export interface StepRecord {
  readonly key: string;
  readonly status: StepStatus;
  /** What it makes, in the order of the plan; nothing where it is an op. */
  readonly outputs: readonly StepOutputRecord[];
  /** Of every output. */
  readonly range?: PartitionRange;
  readonly attempts: number;
  /** Its last attempt has failed, and the next one is due then. */
  readonly retryAt?: number;
  /** Planned to run only if what it reads comes out different (N22). */
  readonly mayRun: boolean;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Why it failed or was skipped. */
  readonly reason?: string;
  readonly skipped?: SkipCause;
  /** With what it came to what it did; of an asset's step only where it failed. */
  readonly versions?: { readonly codeVersion: string; readonly inputVersion: string };
}

/** An asset that a step makes. */
export interface StepOutputRecord {
  readonly asset: string;
  /** The version that the step made, once it has succeeded. */
  readonly versionId?: string;
  /** The step succeeded without it: what was current stays. */
  readonly omitted: boolean;
}
