import type { VersionInput, Location } from "../../core/catalog/version.ts";
import type { VersionBase } from "../../core/catalog/version-base.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import type { RunConfig } from "../../core/config/run-config.ts";
import type { Column } from "../../core/column/column.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import type { PublishPolicy } from "../../core/run/publish-policy.ts";
import type { StepHistory } from "../../core/run/step-history.ts";
import type {
  AskedOfJob,
  FailedStepRecord,
  RunOwner,
  RunRecord,
  RunStatus,
  SkipCause,
  StepRecord,
} from "../../core/run/run.ts";
import type { CheckedAssets } from "./checked-assets.ts";
import type { Scope } from "./project-store.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";

export interface NewStep {
  readonly key: string;
  /** What it makes; nothing where it is an op. */
  readonly outputs: readonly { readonly asset: string; readonly assetId: number }[];
  /** Of every output. */
  readonly place?: StepPlace;
  /** Only if what it reads comes out different (N22). */
  readonly mayRun?: boolean;
}

/** The partitions of its assets that a step makes. */
export interface StepPlace {
  readonly spaceId: number;
  readonly range: PartitionRange;
}

/** What an op gave, serialized: small in itself, else as a file of a store. */
export type StepValue =
  | { readonly inline: string }
  | {
      readonly id: string;
      readonly store: string;
      readonly file: string;
      /** Hash of its bytes. */
      readonly digest: string;
      readonly bytes: number;
    };

export interface NewRun {
  readonly id: string;
  readonly identity: string;
  /** Hash of the code that does it and of the external content it reads. */
  readonly basis: string;
  readonly selection: string;
  /** The job that it is a run of. */
  readonly job?: string;
  /** What of it. */
  readonly asked?: AskedOfJob;
  readonly trigger: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly steps: readonly NewStep[];
  /** The code it runs (N9). */
  readonly codePin?: string;
  /** What it was given, without secrets; absent where that is nothing. */
  readonly config?: RunConfig;
  /** It makes appending assets anew instead of adding to them; false when absent. */
  readonly fullRefresh?: boolean;
  /** When what it makes becomes current; `run` when absent (N16). */
  readonly publish?: PublishPolicy;
}

/** How a run goes on with other code than it began with. */
export interface RunRevision {
  readonly basis: string;
  readonly codePin?: string;
  /** When what it makes becomes current; as before when absent (N16). */
  readonly publish?: PublishPolicy;
  /** What of its job; as before when absent. */
  readonly asked?: AskedOfJob;
  /** Keys of its steps that are to be made, whatever has become of them. */
  readonly pending: readonly string[];
  /** Steps that it did not have. */
  readonly added: readonly NewStep[];
  /** Keys of steps that are no longer asked for. */
  readonly dropped: readonly string[];
}

/** Proof that its bearer may write for the run: a higher token exists as soon as someone else took the run over. */
export interface RunLease {
  readonly runId: string;
  readonly token: number;
  readonly snapshot: number;
}

/**
 * One thing that happened in a run. A batch of them is applied in one transaction, together with the events that tell
 * of them, and only under a token that is still the run's: so a worker that lost its lease can commit nothing.
 */
export type RunChange =
  /** Steps that are known only now, one for each item of a list. Those that are there already stay as they are. */
  | {
      readonly change: "steps.added";
      readonly steps: readonly NewStep[];
      /** The place in the run of the first one. */
      readonly from: number;
      /** The step or map that they come from. */
      readonly by: string;
    }
  /** Takes the claim on the range of each output (N15) and counts an attempt. */
  | { readonly change: "step.started"; readonly step: string }
  /** Before the first byte (N2): names the version whose bytes may from now on lie in the store. */
  | {
      readonly change: "version.intended";
      readonly step: string;
      /** The output it is of. */
      readonly asset: string;
      readonly versionId: string;
      readonly kind: "table" | "value" | "file";
    }
  /** The bytes are complete and durable. Makes the row too when it was not intended before (inline values). */
  | {
      readonly change: "version.staged";
      readonly step: string;
      readonly asset: string;
      readonly version: StagedVersion;
    }
  | {
      readonly change: "check.evaluated";
      readonly step: string;
      readonly asset: string;
      readonly evaluation: CheckEvaluation;
    }
  | {
      readonly change: "version.rejected";
      readonly step: string;
      readonly asset: string;
      readonly versionId: string;
      readonly reason: string;
    }
  /** A durable step inside an attempt (N38). */
  | ({ readonly change: "checkpoint.reached"; readonly step: string } & Checkpoint)
  /** The attempt has failed, and after this time there is another (N37). */
  | {
      readonly change: "step.retrying";
      readonly step: string;
      readonly reason: string;
      readonly delayMs: number;
      /** It was no mistake of the step's, and does not count against its retry policy. */
      readonly excused?: true;
    }
  /** Every version that the step has staged since it last started is what it made. */
  | {
      readonly change: "step.succeeded";
      readonly step: string;
      readonly versionIds: readonly string[];
      /** Outputs left out, by asset; what was current of them stays. */
      readonly omitted?: readonly string[];
      /** What an op gave, and with what. */
      readonly gave?: OpResult;
    }
  | {
      readonly change: "step.skipped";
      readonly step: string;
      readonly reason: string;
      readonly cause: SkipCause;
      /** With what an op's own code decided so. */
      readonly with?: OpVersions;
    }
  | {
      readonly change: "step.failed";
      readonly step: string;
      readonly reason: string;
      readonly code: string;
      /** With what it failed (N23); absent where it could not be told. Of each output, with a blank between. */
      readonly codeVersion?: string;
      readonly inputVersion?: string;
    }
  | {
      readonly change: "asset.observed";
      readonly assetId: number;
      readonly asset: string;
      readonly dataVersion: string;
      readonly mark: string;
    }
  /** What was to be called when something had ended has failed itself. */
  | {
      readonly change: "hook.failed";
      /** Absent: it was to be called at the end of the run. */
      readonly step?: string;
      /** Its name, and of what it is. */
      readonly hook: string;
      readonly of: string;
      readonly reason: string;
    }
  | {
      readonly change: "log";
      /** Absent: it is about the run. */
      readonly step?: string;
      readonly level: "debug" | "info" | "warn" | "error";
      readonly message: string;
      readonly fields?: Readonly<Record<string, unknown>>;
    };

/** The code and the inputs of an op's step: while both are the same, what it came to counts. */
export interface OpVersions {
  readonly codeVersion: string;
  readonly inputVersion: string;
}

export interface OpResult extends OpVersions {
  readonly value: StepValue;
}

/** What an attempt has reached, and what it came to. */
export interface Checkpoint {
  readonly name: string;
  /** Of the item, where the same work is done for several; empty without. */
  readonly key: string;
  /** As `serialize` writes it. */
  readonly result: string;
}

export interface StagedVersion {
  readonly id: string;
  readonly kind: "table" | "value" | "file";
  readonly location: Location;
  readonly dataVersion: string;
  readonly columns?: readonly Column[];
  readonly rowCount?: number;
  readonly bytes: number;
  readonly codeVersion: string;
  /** Absent where its code takes no config. */
  readonly configHash?: string;
  /** Absent where its code works with no data-affecting resource. */
  readonly resourceHash?: string;
  readonly inputs: readonly VersionInput[];
  /** What it goes on from: present where rows are added instead of replaced. */
  readonly base?: VersionBase;
  readonly metadata: StoredMetadata;
}

export interface PublishRequest {
  /** Versions to make current, all staged by this run. */
  readonly versionIds: readonly string[];
  /** What left the code, an asset or some of its partitions: the pointers end, held or not (N12). */
  readonly retire?: readonly Retirement[];
  /**
   * Publish also what was made from older inputs than what is current (N15). What a rollback holds stays held, and what
   * was appended to something else than what is current would take away rows, so it is never published.
   */
  readonly force?: boolean;
  /** What checks of whole assets have seen: they hold only if that is what the publish makes current (N19). */
  readonly checked?: CheckedAssets;
}

export interface Retirement {
  readonly assetId: number;
  /** Absent: all of it. */
  readonly place?: { readonly spaceId: number; readonly range: PartitionRange };
}

export interface PublishResult {
  /** The snapshot this publish made; the one before it when there was nothing to publish. */
  readonly snapshot: number;
  /** Those of the request that are published now, by this call or by an earlier one. */
  readonly published: readonly string[];
  /** Versions made from older inputs than the current one, or appended to another (N15): kept, not made current. */
  readonly superseded: readonly string[];
  /** Versions whose place is held by a rollback, or that were made from such (N17): they stay staged. */
  readonly held: readonly string[];
  /**
   * Present when the assets would not become what `checked` says: then nothing was done, and the lists only tell which
   * versions would not be published.
   */
  readonly overtaken?: true;
}

/** A run that goes on under a new token. */
export interface TakenOver {
  readonly lease: RunLease;
  /** Versions that no succeeded step stands behind; bytes of them may lie in a store. */
  readonly abandoned: readonly { readonly versionId: string; readonly asset: string }[];
  /** Of the steps still to be made, those that were begun before. */
  readonly history: readonly StepHistory[];
}

export interface RunStore {
  /**
   * A new run in status `running`, pinned to the environment's current snapshot, leased to `owner`.
   * Writes run.created and run.started.
   */
  create(scope: Scope, run: NewRun, owner: RunOwner, leaseMs: number): Promise<RunLease>;
  /** The newest run of this identity, if there is one. */
  latest(scope: Scope, identity: string): Promise<RunRecord | undefined>;
  /**
   * Continues a run that is not ended successfully: a higher token, `running` again, its unfinished and failed steps
   * pending, its intended versions abandoned (returned, so that their bytes can be removed). Staged versions of
   * succeeded steps and steps skipped as unchanged stay. Steps that were at work when its process ended count an
   * interruption (N37); those that waited for their next try, and those of a run that was canceled, do not. A step that
   * had not failed for good goes on counting its failures, and waits out its wait; with another basis counting begins
   * anew. Fails with RUN_ACTIVE when `expectedToken` is no longer the
   * run's, RUN_ENDED when it has succeeded. Take the token from the same record by which the owner was judged dead.
   * With a revision it goes on with today's code: steps made again are pending too, others are added, and those no
   * longer asked for end as skipped.
   */
  takeOver(
    scope: Scope,
    runId: string,
    expectedToken: number,
    owner: RunOwner,
    leaseMs: number,
    revision?: RunRevision,
  ): Promise<TakenOver>;
  /** Throws RUN_LOST when the token is no longer the run's, or the run has ended. */
  renew(lease: RunLease, leaseMs: number): Promise<void>;
  /**
   * Applies all changes in order, in one transaction, or none. A run that has ended takes nothing more but what is told
   * about it: log lines and hooks that failed; else RUN_ENDED. Throws RUN_LOST when the token is no longer the run's,
   * RUN_CLAIMED when another live run claims the range of a step that starts.
   */
  apply(scope: Scope, lease: RunLease, changes: readonly RunChange[]): Promise<void>;
  /**
   * Makes versions current: moves pointers (splitting ranges where needed), advances the snapshot by one, records the
   * event. A version already published by this run is left as it is, so a repeated call is harmless. Throws RUN_CLAIMED
   * when another live run claims a range in question: this run's lease had lapsed, and its claim was taken.
   */
  publish(scope: Scope, lease: RunLease, request: PublishRequest): Promise<PublishResult>;
  /** Ends the run, its lease and its claims; versions only intended are abandoned. Harmless when repeated. */
  end(
    scope: Scope,
    lease: RunLease,
    status: Extract<RunStatus, "success" | "failure" | "canceled">,
    error?: string,
  ): Promise<void>;
  get(scope: Scope, runId: string): Promise<RunRecord | undefined>;
  steps(runId: string): Promise<readonly StepRecord[]>;
  /** Numbers of the snapshots that a run has made and that are kept, in order. */
  snapshots(scope: Scope, runId: string): Promise<readonly number[]>;
  /** What ops of a run gave, by step; nothing of a step that has not succeeded. */
  values(runId: string, steps: readonly string[]): Promise<ReadonlyMap<string, StepValue>>;
  /** What a step has reached in all its attempts. */
  checkpoints(runId: string, step: string): Promise<readonly Checkpoint[]>;
  /** Steps of assets that failed, newest first of each asset, among the newest `runs` runs that did not succeed. */
  failedSteps(scope: Scope, assetIds: readonly number[], runs: number): Promise<readonly FailedStepRecord[]>;
  /** All that have not ended, oldest first, whoever holds them. */
  unended(scope: Scope): Promise<readonly RunRecord[]>;
  /** Newest first, of one job where it is named; `before` is the id of the last run of the page before. */
  list(
    scope: Scope,
    options: { readonly limit: number; readonly before?: string; readonly job?: string },
  ): Promise<readonly RunRecord[]>;
}
