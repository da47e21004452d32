import type { JobGraph } from "../core/graph/graph-data.ts";
import type { OpVersions } from "./state/run-store.ts";

/** The graph of a job, and what this run of it is given. Its steps run beside those of the plan. */
export interface JobWork {
  readonly name: string;
  readonly graph: JobGraph;
  /** The job's own config, parsed. */
  readonly config: unknown;
  readonly partition?: JobPartition;
  /** Steps of the plan that each node stands for which materializes. */
  readonly materialized: ReadonlyMap<string, readonly string[]>;
  /** Steps that the run has already, from an earlier process. */
  readonly recorded: ReadonlySet<string>;
  /** By step: what an earlier process of the same run has committed. */
  readonly committed: ReadonlyMap<string, CommittedOp>;
}

/** The partition that a run of a partitioned job is about. */
export interface JobPartition {
  readonly key: string;
  /** Of a time partition: its first instant, and the first one after it. */
  readonly start?: Date;
  readonly end?: Date;
}

/** It counts as long as code and inputs are what they were. */
export interface CommittedOp extends OpVersions {
  readonly status: "success" | "skipped";
}
