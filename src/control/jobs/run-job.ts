import { createHash } from "node:crypto";
import { canonicalJson } from "../../core/canonical-json.ts";
import { parseConfig } from "../../core/config/parse-config.ts";
import type { ParsedRunConfig, RunConfig } from "../../core/config/run-config.ts";
import type { JobGraph } from "../../core/graph/graph-data.ts";
import type { JobDefinition } from "../../core/job/job-definition.ts";
import { stepPolicy } from "../../core/run/step-policy.ts";
import type { RunRecord } from "../../core/run/run.ts";
import type { JobPartition, JobWork } from "../../ports/job-work.ts";
import type { ControlContext } from "../control-context.ts";
import { beginRun, refuseBlocked, takeOverRun } from "../runs/begin-run.ts";
import { committedStep } from "../runs/committed-step.ts";
import { earlierOps } from "../runs/earlier-ops.ts";
import { endDeadRuns } from "../runs/end-dead-runs.ts";
import { findContinued, type Continued } from "../runs/find-continued.ts";
import { interruptedRun } from "../runs/interrupted-run.ts";
import { basisOf, materialize, type Materialized, type MaterializeOptions } from "../runs/materialize.ts";
import { readConfig, type JobTakers } from "../runs/read-config.ts";
import { madeAssets, recordCode } from "../runs/record-code.ts";
import { findJob } from "./find-job.ts";
import { opNodes } from "./job-nodes.ts";
import { jobPartition } from "./job-partition.ts";
import { planJob, type JobPlan } from "./plan-job.ts";

export interface JobRequest {
  readonly job: string;
  /** What its config says; see {@link RunConfig}. */
  readonly config?: RunConfig;
  /** Of a partitioned job. */
  readonly partition?: string;
}

/**
 * Runs a job to its end. An interrupted run of the same job, config and partition is continued, with today's code: what
 * an op has committed counts where its code and its input are the same (N9).
 *
 * @throws JOB_NOT_FOUND, CONFIG_INVALID, JOB_PARTITION_NEEDED, STEP_BLOCKED and the like before anything is written
 */
export async function runJob(
  request: JobRequest,
  context: ControlContext,
  options: MaterializeOptions = {},
): Promise<Materialized> {
  const job = findJob(request.job, context);
  if (job.body.body === "assets") {
    const { partition } = request;
    const partitions = partition === undefined ? {} : { partitions: { from: partition, to: partition } };
    return materialize({ selection: job.body.selection, ...partitions }, context, {
      ...options,
      job: job.name,
    });
  }
  const graph = job.body.graph();
  const partition = jobPartition(job, request.partition, context);
  const takers = takersOf(job, graph);
  const own = parseConfig(job.config, request.config?.config, "config", context.variables);
  const planned = await planJob(graph, { config: own.ok ? own.value : {}, partition }, context);
  const config = readConfig(request.config, planned.plan.steps, context, takers);
  const same = { identity: identityOf(job, config, partition), basis: jobBasis(job, planned, context) };
  const found = options.fresh === true ? undefined : await findInterrupted(same, planned, options, context);
  const taken =
    found === undefined ? undefined : await takeOverRun(found, same.basis, options.publish, context);
  const continued = taken === undefined ? undefined : found;
  const plan = continued?.revised.plan ?? planned.plan;
  if (continued === undefined) refuseBlocked(plan);
  await endDeadRuns(context);
  const publish = options.publish ?? continued?.run.publish ?? job.publish ?? "run";
  const ops = graph.nodes.flatMap(({ node, id }) => (node === "op" ? [id] : []));
  const lease =
    taken?.lease ??
    (await beginRun(
      plan,
      {
        ...same,
        publish,
        config,
        ops,
        trigger: "run",
        job: job.name,
        selection: job.name,
        tags: { ...job.tags, ...options.tags },
      },
      context,
    ));
  await recordCode(plan.steps.flatMap(madeAssets), context);
  const earlier = taken === undefined ? undefined : await earlierOps(lease.runId, context);
  const committed = continued?.revised.kept.flatMap(committedStep) ?? [];
  const work: JobWork = {
    name: job.name,
    graph,
    config: config.config.value,
    ...(partition === undefined ? {} : { partition }),
    materialized: planned.materialized,
  };
  options.onStart?.({
    runId: lease.runId,
    plan,
    stepCount: Math.max(earlier?.recorded.size ?? 0, plan.steps.length + ops.length),
    continued: continued === undefined ? undefined : committed.length + (earlier?.committed.size ?? 0),
    again: continued?.revised.again ?? [],
  });
  const outcome = await context.launcher.launch({
    plan: { ...plan, snapshot: lease.snapshot },
    job: work,
    earlierOps: earlier,
    lease,
    leaseMs: context.leaseMs,
    committed,
    abandoned: taken?.abandoned ?? [],
    history: taken?.history ?? [],
    config,
    policy: stepPolicy(job),
    ...(job.hooks === undefined ? {} : { hooks: job.hooks }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    publish,
    claims: options.claims ?? "fail",
    force: options.force ?? false,
    signal: options.signal,
    report: options.report ?? (() => undefined),
  });
  return { plan, outcome };
}

/** What of a job's graph takes config. */
function takersOf({ config }: JobDefinition, graph: JobGraph): JobTakers {
  // What a call in the graph says of an op's config, nobody says besides.
  const nodes = opNodes(graph);
  const ops = nodes.flatMap(({ id, op, config: given }) =>
    op.config === undefined || given !== undefined
      ? []
      : [[id, { schema: op.config, needed: true }] as const],
  );
  return {
    job: config === undefined ? { needed: false } : { schema: config, needed: true },
    ops: new Map(ops),
    resources: nodes.flatMap(({ op }) => [...op.resources.values()]),
  };
}

/** What makes two runs the same work: what was asked for. */
function identityOf(
  { name }: JobDefinition,
  { identity }: ParsedRunConfig,
  partition: JobPartition | undefined,
): string {
  return hashOf({ job: name, config: identity, partition: partition?.key ?? null });
}

/** What it would be done with: the code, and what it would read from outside. */
function jobBasis(job: JobDefinition, planned: JobPlan, context: ControlContext): string {
  return hashOf({ job: context.jobCodeVersionOf(job), assets: basisOf(planned, context) });
}

function hashOf(work: object): string {
  return createHash("sha256").update(canonicalJson(work)).digest("hex");
}

/** The run to go on with. Where it makes assets, it is continued as a materialization of them would be. */
async function findInterrupted(
  same: Pick<RunRecord, "identity" | "basis">,
  planned: JobPlan,
  { claims = "fail", fromFailure = false }: MaterializeOptions,
  context: ControlContext,
): Promise<Continued | undefined> {
  if (planned.plan.steps.length > 0) return findContinued(same, planned, { claims, fromFailure }, context);
  const run = await interruptedRun(same.identity, { claims, fromFailure }, context);
  if (run === undefined) return undefined;
  const nothing = { kept: [], again: [], added: [], pending: [], dropped: [] };
  return { run, revised: { plan: planned.plan, ...nothing } };
}
