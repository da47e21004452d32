import { createHash } from "node:crypto";
import { canonicalJson } from "../../core/canonical-json.ts";
import type { ParsedRunConfig } from "../../core/config/run-config.ts";
import type { JobDefinition } from "../../core/job/job-definition.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { StepMadeAgain } from "../../core/plan/revise-plan.ts";
import type { ClaimPolicy } from "../../core/run/claim-policy.ts";
import type { PublishPolicy } from "../../core/run/publish-policy.ts";
import type { AskedOfJob } from "../../core/run/run.ts";
import type { RunOutcome, RunProgress } from "../../core/run/run-progress.ts";
import { beginRun, refuseBlocked, takeOverRun } from "./begin-run.ts";
import { committedStep } from "./committed-step.ts";
import type { ControlContext } from "../control-context.ts";
import { earlierOps } from "./earlier-ops.ts";
import { endDeadRuns } from "./end-dead-runs.ts";
import { findContinued } from "./find-continued.ts";
import {
  planMaterialization,
  type MaterializeRequest,
  type Prepared,
} from "../planning/plan-materialization.ts";
import { launchRun } from "./launch-run.ts";
import { ownTaker, readConfig } from "./read-config.ts";
import { madeAssets, recordCode } from "./record-code.ts";

export interface MaterializeOptions {
  /** Start a new run, even where an interrupted one of the same selection and code could be continued. */
  readonly fresh?: boolean;
  /**
   * When what is made becomes current (N16): all at the end, or step by step. When absent as the interrupted run that is
   * continued, else `run`. It is no part of what a run is: it may be continued in the other way.
   */
  readonly publish?: PublishPolicy;
  /** Of a step whose place another run is writing (N15); `fail` when absent. */
  readonly claims?: ClaimPolicy;
  /**
   * Publish also what was made from older inputs than what is current (N15), or what a served endpoint cannot read (N20).
   * What is held stays held; what was appended to something else than what is current stays superseded.
   */
  readonly force?: boolean;
  /** Milliseconds that its steps may take together, from when it is begun or gone on with; no limit when absent. */
  readonly timeoutMs?: number;
  /** Go on with the last run of the same also where it failed: what it committed is not made again. */
  readonly fromFailure?: boolean;
  /** The job over assets that this is a run of: its policy, its hooks, its tags hold. */
  readonly job?: JobDefinition;
  readonly tags?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Told once, before the first step. */
  readonly onStart?: (start: RunStart) => void;
  readonly report?: (progress: RunProgress) => void;
}

export interface RunStart {
  readonly runId: string;
  readonly plan: Plan;
  /** That are known now: a list of a job brings more. */
  readonly stepCount: number;
  /** Steps that an interrupted run had already committed and that count; undefined for a new run. */
  readonly continued: number | undefined;
  /** Steps that it had committed and that are made again: their code or what they read is no longer the same. */
  readonly again: readonly StepMadeAgain[];
  /** There are lists whose items bring more steps. */
  readonly grows?: boolean;
  /** The run that gives what steps which are left out would; absent where none is needed. */
  readonly givenBy?: string;
}

export interface Materialized {
  readonly plan: Plan;
  /** Undefined when there was nothing to do. */
  readonly outcome: RunOutcome | undefined;
}

/** What a materialization would do, before anything of it is written. */
export interface PreparedMaterialization extends Prepared {
  readonly config: ParsedRunConfig;
  readonly identity: string;
  readonly basis: string;
}

/** @throws CONFIG_INVALID, SELECTION_EMPTY, SELECTION_EXTERNAL, PARTITION_UNKNOWN and the like */
export async function prepareMaterialization(
  request: MaterializeRequest,
  context: ControlContext,
  job: JobDefinition | undefined,
): Promise<PreparedMaterialization> {
  const prepared = await planMaterialization(request, context);
  const takers = job === undefined ? {} : { job: ownTaker(job.config) };
  const config = readConfig(request.config, prepared.plan.steps, context, takers);
  const identity = identityOf(request, prepared, config, job);
  return { ...prepared, config, identity, basis: basisOf(prepared, context) };
}

/**
 * Materializes a selection: plans, then continues the interrupted run of the same selection if there is one, else starts
 * a new one, and follows it to its end. A run is continued with today's code: what it had committed counts where code
 * and inputs are still the same (N9).
 *
 * @throws CONFIG_INVALID, SELECTION_EMPTY, SELECTION_EXTERNAL, PARTITION_UNKNOWN, STEP_BLOCKED, SCHEMA_MIXED and the like before anything is written
 */
export async function materialize(
  request: MaterializeRequest,
  context: ControlContext,
  options: MaterializeOptions = {},
): Promise<Materialized> {
  const { job } = options;
  const prepared = await prepareMaterialization(request, context, job);
  const { config, identity, basis } = prepared;
  const found =
    options.fresh === true
      ? undefined
      : await findContinued(
          prepared,
          prepared,
          { claims: options.claims ?? "fail", fromFailure: options.fromFailure ?? false },
          context,
        );
  // Before dead runs are ended: it goes on under a new token, which only one of two gets.
  const taken =
    found === undefined ? undefined : await takeOverRun(found, { basis, ...publishing(options) }, context);
  const continued = taken === undefined ? undefined : found;
  const plan = continued?.revised.plan ?? prepared.plan;
  if (continued === undefined) refuseBlocked(plan);
  await endDeadRuns(context);
  if (plan.steps.length === 0 && plan.retired.length === 0) return { plan, outcome: undefined };
  const publish = options.publish ?? continued?.run.publish ?? job?.publish ?? "run";
  const { selection } = plan;
  const facts = {
    selection,
    trigger: job === undefined ? "materialize" : "run",
    tags: { ...job?.tags, ...options.tags },
    identity,
    basis,
    publish,
    config,
    ...(job === undefined ? {} : { job: job.name, asked: askedOf(request) }),
  };
  const lease = taken?.lease ?? (await beginRun(plan, facts, context));
  await recordCode(plan.steps.flatMap(madeAssets), context);
  const committed = continued?.revised.kept.flatMap(committedStep) ?? [];
  const again = continued?.revised.again ?? [];
  options.onStart?.({
    runId: lease.runId,
    plan,
    stepCount: plan.steps.length,
    continued: continued === undefined ? undefined : committed.length,
    again,
  });
  const hasGraphs = plan.steps.some(({ computation }) => computation.body.body === "graph");
  const earlier = taken !== undefined && hasGraphs ? await earlierOps(lease.runId, context) : undefined;
  const run = { plan, lease, taken, committed, config, publish, earlierOps: earlier, of: job };
  const outcome = await launchRun(run, options, context);
  return { plan, outcome };
}

/** As it is said, or as the run began. */
export function publishing({ publish }: MaterializeOptions): Pick<MaterializeOptions, "publish"> {
  return publish === undefined ? {} : { publish };
}

function askedOf({ partitions }: MaterializeRequest): AskedOfJob {
  return partitions === undefined ? {} : { partition: partitions.from };
}

/** What makes two runs the same work: what was asked for, and given. */
function identityOf(
  request: MaterializeRequest,
  { targets }: Prepared,
  { identity: config }: ParsedRunConfig,
  job: JobDefinition | undefined,
): string {
  const assets = targets.map((asset) => asset.key);
  const { partitions, staleOnly = false, fullRefresh = false } = request;
  const work = canonicalJson({
    partitions,
    staleOnly,
    fullRefresh,
    assets,
    config: config || undefined,
    job: job?.name,
  });
  return createHash("sha256").update(work).digest("hex");
}

/** What it would be done with: the code, and what it would read from outside. */
export function basisOf(
  { plan, observed }: Pick<Prepared, "plan" | "observed">,
  { codeVersionOf }: ControlContext,
): string {
  const assets = [...new Set(plan.steps.flatMap(madeAssets))];
  const basis = canonicalJson({
    code: assets.map((asset) => [asset.key, codeVersionOf(asset)]),
    observed: Object.fromEntries([...observed].map(([asset, version]) => [asset.key, version])),
  });
  return createHash("sha256").update(basis).digest("hex");
}
