import type { Scope } from "../../ports/state/project-store.ts";
import type { RunLease } from "../../ports/state/run-store.ts";

/** What the thread that works tells the one that watches. */
export type ToWatch =
  | {
      readonly tell: "begun";
      readonly run: number;
      readonly scope: Scope;
      readonly lease: RunLease;
      readonly leaseMs: number;
      /** When the lease was given, in milliseconds since the epoch. */
      readonly since: number;
    }
  | { readonly tell: "ended"; readonly run: number }
  | {
      readonly tell: "limit.begun";
      readonly limit: number;
      readonly run: number;
      /** Undefined: the limit is the run's. */
      readonly step: string | undefined;
      readonly limitMs: number;
    }
  | { readonly tell: "limit.ended"; readonly limit: number };

/** And what it hears from it. */
export interface FromWatch {
  readonly tell: "lost";
  readonly run: number;
  /** What state said, or did not say. */
  readonly reason: string;
  /** Somebody else has the run; else state has not let it be renewed for a whole lease. */
  readonly taken: boolean;
}
