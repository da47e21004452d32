import type { RunOwner } from "../core/run/run.ts";

/** Who runs: this process, and whether another one still does. */
export interface ProcessTable {
  readonly self: RunOwner;
  /** Undefined when it cannot be known from here: the owner is on another machine. */
  isAlive(owner: RunOwner): boolean | undefined;
  /**
   * Kills a process and all that it has started, and waits until they are gone. False where it was left alone: it is
   * on another machine or somebody else's, it is this one or one that this one descends from, or it cannot be told
   * from another process with the same number.
   */
  kill(owner: RunOwner): Promise<boolean>;
}
