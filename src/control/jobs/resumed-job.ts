import type { ParsedRunConfig } from "../../core/config/run-config.ts";
import type { JobGraph } from "../../core/graph/graph-data.ts";
import type { JobDefinition } from "../../core/job/job-definition.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { RunRecord } from "../../core/run/run.ts";
import type { JobWork } from "../../ports/job-work.ts";
import type { ControlContext } from "../control-context.ts";
import { jobPolicies } from "../runs/job-policies.ts";
import { ownTaker, type JobTakers } from "../runs/read-config.ts";
import { findJob } from "./find-job.ts";
import { givenBy } from "./find-given.ts";
import { jobPartition } from "./job-partition.ts";
import { jobTakers } from "./job-takers.ts";
import { wantedPart } from "./prepare-job.ts";

/** The job of a run that is gone on with as it was begun, put together again from what state has of it. */
export interface ResumedJob {
  readonly takers: JobTakers;
  readonly policies: ReturnType<typeof jobPolicies>;
  /** Absent of a job over assets: its plan is all of it. */
  readonly work?: (config: ParsedRunConfig, plan: Plan) => JobWork;
}

/**
 * Undefined where the run is none of a job.
 *
 * @throws JOB_NOT_FOUND, JOB_STEP_UNKNOWN where the project was loaded from other code
 */
export async function resumedJob(run: RunRecord, context: ControlContext): Promise<ResumedJob | undefined> {
  if (run.job === undefined) return undefined;
  const job = findJob(run.job, context);
  const policies = jobPolicies(job);
  if (job.body.body === "assets") return { takers: { job: ownTaker(job.config) }, policies };
  return { policies, ...(await resumedGraph(job, job.body.graph(), run, context)) };
}

async function resumedGraph(
  job: JobDefinition,
  whole: JobGraph,
  { asked = {} }: RunRecord,
  context: ControlContext,
): Promise<Required<Pick<ResumedJob, "takers" | "work">>> {
  const part = wantedPart(job, whole, asked.only);
  const { graph } = part;
  const partition = jobPartition(job, asked.partition, context);
  const given =
    asked.givenBy === undefined ? {} : { given: (await givenBy(asked.givenBy, part, whole, context)).given };
  return {
    takers: jobTakers(job, graph),
    work: (config, plan) => ({
      name: job.name,
      graph,
      config: config.config.value,
      ...(partition === undefined ? {} : { partition }),
      ...given,
      materialized: materialized(asked.makes ?? {}, plan),
    }),
  };
}

/** Steps of the plan by the nodes that stand for their assets. */
function materialized(
  makes: Readonly<Record<string, readonly string[]>>,
  { steps }: Plan,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(makes).map(([node, assets]) => {
      const made = new Set(assets);
      const own = steps.filter(({ outputs }) => outputs.some(({ asset }) => made.has(asset.key)));
      return [node, own.map(({ key }) => key)];
    }),
  );
}
