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
  /** What another run of the job has done for this one, which runs only a part of the graph. */
  readonly given?: GivenSteps;
}

/** Steps that are in the graph for what they gave, and do not run. */
export interface GivenSteps {
  /** The run that gives them. */
  readonly run: string;
  /** Their nodes. */
  readonly nodes: ReadonlySet<string>;
  /** How they have ended there, as far as well. */
  readonly ended: ReadonlyMap<string, "success" | "skipped">;
}

/** The partition that a run of a partitioned job is about. */
export interface JobPartition {
  readonly key: string;
  /** Of a time partition: its first instant, and the first one after it. */
  readonly start?: Date;
  readonly end?: Date;
}

/** What earlier processes of a run have come to with its ops. */
export interface EarlierOps {
  /** Names of the steps that the run has. */
  readonly recorded: ReadonlySet<string>;
  /** By step. */
  readonly committed: ReadonlyMap<string, CommittedOp>;
}

/** It counts as long as code and inputs are what they were. */
export interface CommittedOp extends OpVersions {
  readonly status: "success" | "skipped";
}
