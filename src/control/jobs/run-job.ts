import type { JobDefinition } from "../../core/job/job-definition.ts";
import type { JobGraph } from "../../core/graph/graph-data.ts";
import { nodesOf } from "../../core/graph/graph-nodes.ts";
import type { ControlContext } from "../control-context.ts";
import { beginRun, refuseBlocked, takeOverRun } from "../runs/begin-run.ts";
import { committedStep } from "../runs/committed-step.ts";
import { earlierOps } from "../runs/earlier-ops.ts";
import { endDeadRuns } from "../runs/end-dead-runs.ts";
import { findContinued, type Continued } from "../runs/find-continued.ts";
import { interruptedRun } from "../runs/interrupted-run.ts";
import { materialize, publishing, type Materialized, type MaterializeOptions } from "../runs/materialize.ts";
import { launchRun } from "../runs/launch-run.ts";
import { madeAssets, recordCode } from "../runs/record-code.ts";
import { assetsRequest } from "./assets-job.ts";
import { findJob } from "./find-job.ts";
import { prepareJob, wantedPart, type JobRequest, type PreparedJob } from "./prepare-job.ts";
import { toldOutput } from "./told-output.ts";

export type { JobRequest } from "./prepare-job.ts";

/** What a run of a job came to. */
export interface JobRun extends Materialized {
  /** Absent of a run of no job. */
  readonly job?: string;
  /** What it has run; absent of a job over assets. */
  readonly graph?: JobGraph;
  /** What it gave, in the notation in which values are kept and without secrets: for whoever is told of it. */
  readonly told?: unknown;
}

/**
 * Runs a job to its end. An interrupted run of the same job, config and partition is continued, with today's code: what
 * an op has committed counts where its code and its input are the same (N9).
 *
 * @throws JOB_NOT_FOUND, CONFIG_INVALID, JOB_PARTITION_NEEDED, JOB_STEP_UNKNOWN, JOB_STEP_NEEDED, STEP_BLOCKED and the
 *   like before anything is written
 */
export async function runJob(
  request: JobRequest,
  context: ControlContext,
  options: MaterializeOptions = {},
): Promise<JobRun> {
  const job = findJob(request.job, context);
  if (job.body.body === "graph") return runGraph(job, job.body.graph(), request, context, options);
  refuseSteps(job, request);
  const made = await materialize(assetsRequest(job.body.selection, request), context, { ...options, job });
  return { ...made, job: job.name };
}

/** A job over assets has no graph, and therefore no steps that could be named. */
export function refuseSteps(job: JobDefinition, { only }: JobRequest): void {
  wantedPart(job, { nodes: [], output: { template: "value", value: undefined }, ops: 0 }, only);
}

async function runGraph(
  job: JobDefinition,
  whole: JobGraph,
  request: JobRequest,
  context: ControlContext,
  options: MaterializeOptions,
): Promise<JobRun> {
  const prepared = await prepareJob(job, whole, request, context);
  const { graph, given, partition, planned, config, identity, basis, asked } = prepared;
  const known = stepsKnown(prepared);
  const found = options.fresh === true ? undefined : await findInterrupted(prepared, options, context);
  const before = found === undefined ? undefined : await earlierOps(found.run.id, context);
  const ops = known.filter((key) => before?.recorded.has(key) !== true);
  const taken =
    found === undefined
      ? undefined
      : await takeOverRun(found, { basis, asked, ops, ...publishing(options) }, context);
  const continued = taken === undefined ? undefined : found;
  const plan = continued?.revised.plan ?? planned.plan;
  if (continued === undefined) refuseBlocked(plan);
  await endDeadRuns(context);
  const publish = options.publish ?? continued?.run.publish ?? job.publish ?? "run";
  const facts = {
    identity,
    basis,
    publish,
    config,
    asked,
    ops: known,
    trigger: "run",
    job: job.name,
    selection: job.name,
    tags: { ...job.tags, ...options.tags },
  };
  const lease = taken?.lease ?? (await beginRun(plan, facts, context));
  await recordCode(plan.steps.flatMap(madeAssets), context);
  const committed = continued?.revised.kept.flatMap(committedStep) ?? [];
  const earlier = continued === undefined ? undefined : before;
  options.onStart?.({
    runId: lease.runId,
    plan,
    stepCount: Math.max(earlier?.recorded.size ?? 0, plan.steps.length + known.length),
    continued: continued === undefined ? undefined : committed.length + (earlier?.committed.size ?? 0),
    again: continued?.revised.again ?? [],
    grows: bringsMore(prepared),
    ...(given === undefined ? {} : { givenBy: given.run }),
  });
  const work = {
    name: job.name,
    graph,
    config: config.config.value,
    ...(partition === undefined ? {} : { partition }),
    ...(given === undefined ? {} : { given }),
    materialized: planned.materialized,
  };
  const run = { plan, lease, taken, committed, config, publish, job: work, earlierOps: earlier, of: job };
  const outcome = await launchRun(run, options, context);
  const told = toldOutput(outcome.output, config);
  return { job: job.name, plan, outcome, graph, ...(told === undefined ? {} : { told }) };
}

/** Names of the steps of ops that are known before a run begins: those of items are not. */
function stepsKnown({ graph, given }: PreparedJob): readonly string[] {
  return graph.nodes.flatMap(({ node, id }) => (node === "op" && given?.nodes.has(id) !== true ? [id] : []));
}

/** Are there steps that become known only with the items of a list? */
function bringsMore({ graph, given }: PreparedJob): boolean {
  const maps = graph.nodes.filter((node) => node.node === "map");
  const within = maps.flatMap(({ body }) => [...nodesOf(body)]);
  return within.some(({ node, id }) => node === "op" && given?.nodes.has(id) !== true);
}

/** The run to go on with. Where it makes assets, it is continued as a materialization of them would be. */
async function findInterrupted(
  prepared: PreparedJob,
  { claims = "fail", fromFailure = false }: MaterializeOptions,
  context: ControlContext,
): Promise<Continued | undefined> {
  const { planned, identity } = prepared;
  const policy = { claims, fromFailure };
  if (planned.plan.steps.length > 0) return findContinued(prepared, planned, policy, context);
  const run = await interruptedRun(identity, policy, context);
  return run === undefined ? undefined : continuedAsItIs(run, planned.plan);
}

/** A run without assets: its ops are compared when they are come to. */
export function continuedAsItIs(run: Continued["run"], plan: PreparedJob["planned"]["plan"]): Continued {
  return { run, revised: { plan, kept: [], again: [], added: [], pending: [], dropped: [] } };
}
