import { createHash } from "node:crypto";
import { canonicalJson } from "../../core/canonical-json.ts";
import { parseConfig } from "../../core/config/parse-config.ts";
import type { ParsedRunConfig, RunConfig } from "../../core/config/run-config.ts";
import { MillraceError } from "../../core/errors.ts";
import type { JobGraph } from "../../core/graph/graph-data.ts";
import { namesInGraph, partOfGraph, type PartOfGraph } from "../../core/graph/part-of-graph.ts";
import type { JobDefinition } from "../../core/job/job-definition.ts";
import type { AskedOfJob } from "../../core/run/run.ts";
import { suggest } from "../../core/suggest.ts";
import type { GivenSteps, JobPartition } from "../../ports/job-work.ts";
import type { ControlContext } from "../control-context.ts";
import { basisOf } from "../runs/materialize.ts";
import { readConfig } from "../runs/read-config.ts";
import { findGiven } from "./find-given.ts";
import { jobPartition } from "./job-partition.ts";
import { jobTakers } from "./job-takers.ts";
import { planJob, type JobPlan } from "./plan-job.ts";

export interface JobRequest {
  readonly job: string;
  /** What its config says; see {@link RunConfig}. */
  readonly config?: RunConfig;
  /** Of a partitioned job. */
  readonly partition?: string;
  /**
   * Only these steps of its graph: ops by the names of their nodes, or maps and nested graphs for all that is in them.
   * What others give them is taken from the newest run of the job that has it. All steps when absent.
   */
  readonly only?: readonly string[];
}

/** What a run of a job with a graph would do, before anything of it is written. */
export interface PreparedJob {
  readonly job: JobDefinition;
  /** Or the part of it that was asked for. */
  readonly graph: JobGraph;
  readonly given: GivenSteps | undefined;
  readonly partition: JobPartition | undefined;
  readonly planned: JobPlan;
  readonly config: ParsedRunConfig;
  readonly asked: AskedOfJob;
  /** What makes two runs the same work: what was asked for. */
  readonly identity: string;
  /** What it would be done with: the code, and what it would read from outside. */
  readonly basis: string;
}

/**
 * Decides what a run of a job is.
 *
 * @param whole The job's graph
 * @throws JOB_STEP_UNKNOWN, JOB_STEP_NEEDED, CONFIG_INVALID, JOB_PARTITION_NEEDED, JOB_UNPARTITIONED, PARTITION_UNKNOWN,
 *   and what planning throws
 */
export async function prepareJob(
  job: JobDefinition,
  whole: JobGraph,
  request: JobRequest,
  context: ControlContext,
): Promise<PreparedJob> {
  const partition = jobPartition(job, request.partition, context);
  const { graph, given: nodes } = wantedPart(job, whole, request.only);
  const own = parseConfig(job.config, request.config?.config, "config", context.variables);
  const planned = await planJob(graph, { config: own.ok ? own.value : {}, partition }, context);
  const config = readConfig(request.config, planned.plan.steps, context, jobTakers(job, graph));
  const search = { job: job.name, partition: partition?.key };
  const given = await findGiven({ graph, given: nodes }, whole, search, context);
  const only = request.only === undefined ? {} : { only: request.only };
  return {
    job,
    graph,
    given,
    partition,
    planned,
    config,
    asked: {
      ...(partition === undefined ? {} : { partition: partition.key }),
      ...only,
      ...(given === undefined ? {} : { givenBy: given.run }),
      ...(planned.makes.size === 0 ? {} : { makes: Object.fromEntries(planned.makes) }),
    },
    identity: hashOf({
      job: job.name,
      config: config.identity,
      partition: partition?.key ?? null,
      ...(request.only === undefined ? {} : { only: request.only.toSorted() }),
    }),
    basis: hashOf({ job: context.jobCodeVersionOf(job), assets: basisOf(planned, context) }),
  };
}

/** @throws JOB_STEP_UNKNOWN with what may have been meant */
export function wantedPart(
  { name }: Pick<JobDefinition, "name">,
  graph: JobGraph,
  only: readonly string[] | undefined,
): PartOfGraph {
  if (only === undefined) return { graph, given: new Set() };
  const names = namesInGraph(graph);
  const steps = only.flatMap((step) => {
    const found = names.get(step);
    if (found !== undefined) return [...found];
    const suggestions = suggest(step, [...names.keys()]);
    throw new MillraceError("JOB_STEP_UNKNOWN", { job: name, step }, { suggestions });
  });
  return partOfGraph(graph, new Set(steps));
}

function hashOf(work: object): string {
  return createHash("sha256").update(canonicalJson(work)).digest("hex");
}
