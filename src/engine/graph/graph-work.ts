import type { JobGraph } from "../../core/graph/graph-data.ts";
import type { StepPolicy } from "../../core/run/step-policy.ts";
import type { EarlierOps, GivenSteps, JobPartition } from "../../ports/job-work.ts";
import type { Surroundings } from "../steps/dependencies.ts";

/** A graph, and what this run gives it: that of a job, or that which makes an asset. */
export interface GraphWork {
  readonly graph: JobGraph;
  /** Before the names of its steps: nothing in a job. */
  readonly prefix: string;
  readonly config: unknown;
  readonly partition: JobPartition | undefined;
  /** Which partitions of assets its ops read. */
  readonly reads: Pick<Surroundings, "range" | "partitions">;
  /** How its steps are tried that do not say so themselves. */
  readonly policy: StepPolicy;
  /** Steps of the plan that each node stands for which materializes. */
  readonly materialized: ReadonlyMap<string, readonly string[]>;
  readonly earlier: EarlierOps;
  /** What another run has done for this one; absent where all steps are its own. */
  readonly given?: GivenSteps | undefined;
  /** The job that is run. */
  readonly job: string | undefined;
}

/** Before there was any. */
export const nothingEarlier: EarlierOps = Object.freeze({
  recorded: new Set<string>(),
  committed: new Map(),
});
