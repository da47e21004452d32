import type { ClaimPolicy } from "../core/run/claim-policy.ts";
import type { PublishPolicy } from "../core/run/publish-policy.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { RunHooks } from "../core/hook/hook.ts";
import type { StepPolicy } from "../core/run/step-policy.ts";
import type { StepHistory } from "../core/run/step-history.ts";
import type { StepOutputRecord } from "../core/run/run.ts";
import type { RunOutcome, RunProgress } from "../core/run/run-progress.ts";
import type { ParsedRunConfig } from "../core/config/run-config.ts";
import type { EarlierOps, JobWork } from "./job-work.ts";
import type { RunLease } from "./state/run-store.ts";

/** A step that an earlier process of the same run has already committed. */
export interface CommittedStep {
  readonly key: string;
  readonly status: "success" | "skipped";
  /** Its own code said so. */
  readonly byAuthor: boolean;
  readonly outputs: readonly StepOutputRecord[];
}

/** A version whose bytes nobody will complete. */
export interface AbandonedVersion {
  readonly versionId: string;
  readonly asset: string;
}

export interface RunRequest {
  /** Assets that are made; none in a job of ops alone. */
  readonly plan: Plan;
  /** Of the run of a job with a graph. */
  readonly job?: JobWork | undefined;
  /** What earlier processes of the run have come to with ops; nothing when absent. */
  readonly earlierOps?: EarlierOps | undefined;
  readonly lease: RunLease;
  readonly leaseMs: number;
  readonly committed: readonly CommittedStep[];
  /** Versions that the interrupted process had begun: their bytes are removed first. */
  readonly abandoned: readonly AbandonedVersion[];
  /** What earlier processes of the run have had of the steps that are still to be made (N37); nothing when absent. */
  readonly history?: readonly StepHistory[];
  /** How its steps are tried that do not say so themselves; else as the project says. */
  readonly policy?: StepPolicy;
  /** Those of its job; the project's are called besides. */
  readonly hooks?: RunHooks;
  /** Milliseconds that its steps may take together, from now on; no limit when absent. */
  readonly timeoutMs?: number;
  /** Publish also what comes too late (N15). */
  readonly force?: boolean;
  /** What it was given, parsed for all that it makes; nothing when absent. */
  readonly config?: ParsedRunConfig;
  /** When what it makes becomes current; `run` when absent (N16). */
  readonly publish?: PublishPolicy;
  /** Of a step whose place another run is writing; `fail` when absent. */
  readonly claims?: ClaimPolicy;
  /** Aborted by Ctrl-C: running steps end, what was committed stays. */
  readonly signal?: AbortSignal | undefined;
  readonly report: (progress: RunProgress) => void;
}

/** Where a run's worker lives. */
export interface RunLauncher {
  launch(request: RunRequest): Promise<RunOutcome>;
  /** Removes bytes that a worker which is gone has begun. */
  discard(versions: readonly AbandonedVersion[]): Promise<void>;
}
