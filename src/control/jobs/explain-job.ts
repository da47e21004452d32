import type { JobGraph } from "../../core/graph/graph-data.ts";
import type { JobDefinition } from "../../core/job/job-definition.ts";
import type { RunRecord } from "../../core/run/run.ts";
import type { ControlContext } from "../control-context.ts";
import { expandOutline, outlineMaterialization, type Outlined } from "../planning/plan-materialization.ts";
import { planData, type PlanData } from "../planning/plan-data.ts";
import { continuationOf } from "../runs/find-continued.ts";
import { isAtWork } from "../runs/is-at-work.ts";
import { prepareMaterialization } from "../runs/materialize.ts";
import { assetsRequest } from "./assets-job.ts";
import { findJob } from "./find-job.ts";
import { prepareJob, type JobRequest } from "./prepare-job.ts";
import { refuseSteps } from "./run-job.ts";

/** What a run of a job would do. Nothing has been written. */
export interface JobExplanation {
  readonly job: JobDefinition;
  readonly partition: string | undefined;
  /** The part of its graph that would run; undefined of a job over assets. */
  readonly graph: JobGraph | undefined;
  /** Nodes in it that would not run, and the run that gives what they gave. */
  readonly given: { readonly run: string; readonly nodes: readonly string[] } | undefined;
  /** The assets that it would make. */
  readonly outlined: readonly Outlined[];
  readonly plans: readonly PlanData[];
  /** The last run of the same work, where it has not succeeded. */
  readonly before: RunBefore | undefined;
}

/** A run that was not done with its work. */
export interface RunBefore {
  readonly runId: string;
  /** `at work`: a new run of the same would be refused. */
  readonly status: "at work" | "interrupted" | "canceled" | "failure";
  /** It would be gone on with. One that failed only where that is asked for. */
  readonly continued: boolean;
  /** Steps that it has committed, and all that it has so far. */
  readonly done: number;
  readonly steps: number;
}

/**
 * Tells what a run of a job would do, and whether it would go on with an earlier one.
 *
 * @throws JOB_NOT_FOUND, CONFIG_INVALID and the like, as the run itself would
 */
export async function explainJob(
  request: JobRequest,
  { fromFailure }: { readonly fromFailure: boolean },
  context: ControlContext,
): Promise<JobExplanation> {
  const job = findJob(request.job, context);
  const plansOf = (outlined: readonly Outlined[]): readonly PlanData[] =>
    outlined.map((outline) => planData(expandOutline(outline, context)));
  if (job.body.body === "graph") {
    const prepared = await prepareJob(job, job.body.graph(), request, context);
    const { graph, given, partition, planned } = prepared;
    return {
      job,
      graph,
      partition: partition?.key,
      given: given === undefined ? undefined : { run: given.run, nodes: [...given.nodes] },
      outlined: planned.outlined,
      plans: plansOf(planned.outlined),
      before: await runBefore(prepared, planned, fromFailure, context),
    };
  }
  refuseSteps(job, request);
  const wanted = assetsRequest(job.body.selection, request);
  const prepared = await prepareMaterialization(wanted, context, job);
  const outlined = [await outlineMaterialization(wanted, context)];
  return {
    job,
    outlined,
    graph: undefined,
    given: undefined,
    partition: request.partition,
    plans: plansOf(outlined),
    before: await runBefore(prepared, prepared, fromFailure, context),
  };
}

async function runBefore(
  { identity, basis }: Pick<RunRecord, "identity" | "basis">,
  planned: Parameters<typeof continuationOf>[2],
  fromFailure: boolean,
  context: ControlContext,
): Promise<RunBefore | undefined> {
  const { state, scope } = context;
  const run = await state.runs.latest(scope, identity);
  if (run === undefined || run.status === "success") return undefined;
  const steps = await state.runs.steps(run.id);
  const done = steps.filter(({ status, skipped }) => status === "success" || skipped === "author").length;
  const told = { runId: run.id, done, steps: steps.length };
  const ended = run.status === "failure" || run.status === "canceled" ? run.status : undefined;
  if (ended === undefined && isAtWork(run, context)) return { ...told, status: "at work", continued: false };
  const continued =
    planned.plan.steps.length > 0
      ? (await continuationOf(run, basis, planned, fromFailure, context)) !== undefined
      : ended !== "failure" || fromFailure;
  return { ...told, status: ended ?? "interrupted", continued };
}
