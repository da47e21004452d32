import type { MillraceError } from "../core/errors.ts";
import type { Scope } from "./state/project-store.ts";
import type { RunLease } from "./state/run-store.ts";

/** A run at work in this process. */
export interface WatchedRun {
  readonly scope: Scope;
  readonly lease: RunLease;
  readonly leaseMs: number;
  /** Called once, when somebody else has the run, or state has not answered for a whole lease. */
  readonly onLost: (reason: MillraceError) => void;
}

export interface Watch {
  /**
   * Says that a step, or where none is named the run, does something that must not take longer than `limitMs`. What is returned is called when that has
   * ended, or its limit was noticed. Should it never be called, the thread that was to call it stands still.
   */
  limit(step: string | undefined, limitMs: number): () => void;
  /** Gives the lease up. */
  end(): Promise<void>;
}

/** Keeps the leases of runs, and their limits of time (N35). */
export interface RunWatch {
  over(run: WatchedRun): Watch;
}
