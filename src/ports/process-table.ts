import type { RunOwner } from "../core/run/run.ts";

/** Who runs: this process, and whether another one still does. */
export interface ProcessTable {
  readonly self: RunOwner;
  /** Undefined when it cannot be known from here: the owner is on another machine. */
  isAlive(owner: RunOwner): boolean | undefined;
}
