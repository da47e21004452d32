/** What a run tells while it works, for progress bars and logs. Sent after it is durable. */
export type RunProgress =
  /** What a list came to: so many steps more. */
  | { readonly progress: "steps.added"; readonly by: string; readonly steps: number }
  | { readonly progress: "step.started"; readonly step: string; readonly attempt: number }
  | {
      readonly progress: "step.succeeded";
      readonly step: string;
      readonly milliseconds: number;
      readonly rowCount?: number;
      /** The content equals the version before: nothing below becomes stale. */
      readonly unchanged: boolean;
    }
  | { readonly progress: "step.skipped"; readonly step: string; readonly reason: string }
  | { readonly progress: "step.failed"; readonly step: string; readonly reason: string }
  | {
      readonly progress: "step.retrying";
      readonly step: string;
      readonly reason: string;
      readonly delayMs: number;
    }
  | {
      readonly progress: "check.failed";
      readonly step: string;
      readonly check: string;
      readonly blocking: boolean;
      readonly description: string;
    }
  | {
      readonly progress: "published";
      /** The only step that was to be published; absent where it was the end of a run. */
      readonly step?: string;
      readonly snapshot: number;
      readonly versions: number;
      /** Steps whose versions stay staged, because a rollback holds their place or that of what they read (N17). */
      readonly held: readonly string[];
      /** Steps whose versions came too late (N15). */
      readonly superseded: readonly string[];
    }
  | {
      readonly progress: "hook.failed";
      /** Absent: it was to be called at the end of the run. */
      readonly step?: string;
      readonly hook: string;
      readonly of: string;
      readonly reason: string;
    }
  | {
      readonly progress: "log";
      /** Absent: it is about the run. */
      readonly step?: string;
      readonly level: string;
      readonly message: string;
      readonly fields?: Readonly<Record<string, unknown>>;
    };

/** How a run ended. */
export interface RunOutcome {
  readonly runId: string;
  readonly status: "success" | "failure" | "canceled";
  readonly succeeded: number;
  readonly skipped: number;
  readonly failed: readonly FailedStep[];
  /** Why the run as a whole has failed: its time was over. Absent where only its steps have. */
  readonly error?: Failure;
  /** Steps whose versions stay staged, because a rollback holds their place or that of what they read (N17). */
  readonly held: readonly string[];
  /** Steps whose versions were made from older inputs than what is current (N15). */
  readonly superseded: readonly string[];
  /** What the graph of a job gave; absent for other runs and for one that did not succeed. */
  readonly output?: unknown;
  /** Snapshot after its publish, the last one of several; absent when nothing was published. */
  readonly snapshot?: number;
}

/** A step that failed, and what can be done about it. */
export interface FailedStep extends Failure {
  readonly step: string;
}

export interface Failure {
  readonly reason: string;
  readonly code: string;
  /** What to do next. */
  readonly fix: string;
}
