import type { Log } from "../asset/run-context.ts";
import type { MaybePromise } from "../brand.ts";
import type { MillraceError } from "../errors.ts";
import type { RunOutcome } from "../run/run-progress.ts";

/** What every hook is given. */
interface HookContext {
  readonly run: {
    readonly id: string;
    /** Number of the snapshot that the run reads. */
    readonly snapshot: number;
  };
  /** Lines kept with the run. */
  readonly log: Log;
  /** Aborted when the hook's time, 30 seconds, is over. */
  readonly signal: AbortSignal;
}

/** A step that has ended. */
export interface StepEnd extends HookContext {
  /** Its key: "orders", "orders[2025-01]". */
  readonly step: string;
  /** Keys of the assets that it makes; none for the step of an op. */
  readonly assets: readonly string[];
  /** How often it was tried in this run: 1 for a step that ended with its first try. */
  readonly attempt: number;
}

/** One that has failed for good. */
export interface FailedStepEnd extends StepEnd {
  /** With `code`, `message`, `fix`, and, as `cause`, what the step's code has thrown. */
  readonly error: MillraceError;
}

/** A run that has ended. */
export interface RunEnd extends HookContext {
  /** What became of its steps, and what was published. */
  readonly outcome: RunOutcome;
}

/** What to do once a step has ended. For an asset, a multi-asset, an op. */
export interface StepHooks {
  /** It has made what it makes, and that has passed its checks. It is published later, by default at the end of the run. */
  readonly onSuccess?: (end: StepEnd) => MaybePromise<void>;
  /** It has failed, and is not tried again. Not for one that was canceled, or skipped because of another. */
  readonly onFailure?: (end: FailedStepEnd) => MaybePromise<void>;
}

/** What to do once a run or one of its steps has ended. For a job, and for a project: all its runs. */
export interface RunHooks {
  /** The run has succeeded and published. */
  readonly onSuccess?: (end: RunEnd) => MaybePromise<void>;
  /** The run has failed: something in it has, or its time was over. Not for one that was canceled. */
  readonly onFailure?: (end: RunEnd) => MaybePromise<void>;
  /** As `onSuccess` of a step, for each of them. */
  readonly onStepSuccess?: (end: StepEnd) => MaybePromise<void>;
  /** As `onFailure` of a step, for each of them. */
  readonly onStepFailure?: (end: FailedStepEnd) => MaybePromise<void>;
}
