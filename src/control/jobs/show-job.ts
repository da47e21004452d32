import { configFields, type ConfigField } from "../../core/config/config-fields.ts";
import { formatDuration } from "../../core/duration.ts";
import type { ErrorPlace } from "../../core/errors.ts";
import type { JobGraph } from "../../core/graph/graph-data.ts";
import { nodesOf } from "../../core/graph/graph-nodes.ts";
import type { PublishPolicy } from "../../core/run/publish-policy.ts";
import type { ControlContext } from "../control-context.ts";
import { chooseAssets } from "../planning/choose.ts";
import { summarizeRun, type RunSummary } from "../runs/run-summary.ts";
import { findJob } from "./find-job.ts";
import { jobSchema } from "./job-schema.ts";
import { summarizeJob, type JobSummary } from "./list-jobs.ts";

/** A job in full. */
export interface JobDetails extends Omit<JobSummary, "config" | "lastRun"> {
  readonly place: ErrorPlace;
  readonly publish: PublishPolicy;
  /** Tries after a failed one, of steps that say nothing of it themselves. */
  readonly retries: number;
  readonly timeout: string | undefined;
  /** All that a run may be given. */
  readonly config: readonly ConfigField[];
  readonly steps: readonly JobStep[];
  /** Keys of what a job over assets makes now. */
  readonly assets: readonly string[];
  /** Newest first. */
  readonly runs: readonly RunSummary[];
}

/** An op of its graph. */
export interface JobStep {
  readonly id: string;
  readonly op: string;
  readonly description: string | undefined;
  /** Where the op is written. */
  readonly place: ErrorPlace;
}

/** So many of its last runs are told. */
const lastRuns = 5;

/** @throws JOB_NOT_FOUND */
export async function showJob(
  name: string,
  context: ControlContext,
): Promise<{ readonly details: JobDetails; readonly graph: JobGraph | undefined }> {
  const job = findJob(name, context);
  const { state, scope } = context;
  const { body } = job;
  const graph = body.body === "graph" ? body.graph() : undefined;
  const assets = body.body === "assets" ? await chooseAssets(body.selection, context) : [];
  const runs = await state.runs.list(scope, { job: name, limit: lastRuns });
  const { lastRun: _, ...summary } = await summarizeJob(job, context);
  const details: JobDetails = {
    ...summary,
    place: job.site.place,
    publish: job.publish ?? "run",
    retries: job.retry?.max ?? 0,
    timeout: job.timeoutMs === undefined ? undefined : formatDuration(job.timeoutMs),
    config: configFields(await jobSchema(job, context)),
    steps: graph === undefined ? [] : stepsOf(graph),
    assets: assets.map(({ key }) => key),
    runs: runs.map((run) => summarizeRun(run, context)),
  };
  return { details, graph };
}

function stepsOf(graph: JobGraph): readonly JobStep[] {
  return [...nodesOf(graph)].flatMap((node) =>
    node.node === "op"
      ? [{ id: node.id, op: node.op.name, description: node.op.description, place: node.op.site.place }]
      : [],
  );
}
