import { createHash, randomUUID } from "node:crypto";
import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import { MillraceError } from "../core/errors.ts";
import { firstFew } from "../core/first-few.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import type { Plan } from "../core/plan/plan.ts";
import { resumePlan } from "../core/plan/resume-plan.ts";
import type { ClaimPolicy } from "../core/run/claim-policy.ts";
import type { RunRecord, StepRecord } from "../core/run/run.ts";
import type { RunOutcome, RunProgress } from "../core/run/run-progress.ts";
import type { CommittedStep, RunRequest } from "../ports/run-launcher.ts";
import type { NewStep, RunLease } from "../ports/state/run-store.ts";
import type { ControlContext } from "./control-context.ts";
import { endDeadRuns } from "./end-dead-runs.ts";
import { isAtWork } from "./is-at-work.ts";
import { planMaterialization, type MaterializeRequest } from "./plan-materialization.ts";

/** How long a run stays somebody's without a sign of life. */
export const leaseMs = 15_000;

export interface MaterializeOptions {
  /** Start a new run, even where an interrupted one of the same selection and code could be continued. */
  readonly fresh?: boolean;
  /** Of a step whose place another run is writing (N15); `fail` when absent. */
  readonly claims?: ClaimPolicy;
  /** Publish also what was made from older inputs than what is current (N15). What is held stays held. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** Told once, before the first step. */
  readonly onStart?: (start: RunStart) => void;
  readonly report?: (progress: RunProgress) => void;
}

export interface RunStart {
  readonly runId: string;
  readonly plan: Plan;
  /** Steps that an interrupted run had already committed; undefined for a new run. */
  readonly continued: number | undefined;
}

export interface Materialized {
  readonly plan: Plan;
  /** Undefined when there was nothing to do. */
  readonly outcome: RunOutcome | undefined;
}

/**
 * Materializes a selection: plans, then continues the interrupted run of the same selection and code if there is one,
 * else starts a new one, and follows it to its end.
 *
 * @throws SELECTION_EMPTY, SELECTION_EXTERNAL, PARTITION_UNKNOWN, STEP_BLOCKED and the like before anything is written
 */
export async function materialize(
  request: MaterializeRequest,
  context: ControlContext,
  options: MaterializeOptions = {},
): Promise<Materialized> {
  const { plan: today, targets, observed } = await planMaterialization(request, context);
  const identity = identityOf(request, targets, observed, context);
  const resumed = options.fresh === true ? undefined : await continueRun(identity, today, options, context);
  const plan = resumed?.plan ?? today;
  if (resumed === undefined) refuseBlocked(plan);
  await endDeadRuns(context);
  if (plan.steps.length === 0 && plan.retired.length === 0) return { plan, outcome: undefined };
  const lease = resumed?.lease ?? (await newRun(plan, identity, context));
  options.onStart?.({ runId: lease.runId, plan, continued: resumed?.committed.length });
  const outcome = await context.launcher.launch({
    plan,
    lease,
    leaseMs,
    committed: resumed?.committed ?? [],
    abandoned: resumed?.abandoned ?? [],
    claims: options.claims ?? "fail",
    force: options.force ?? false,
    signal: options.signal,
    report: options.report ?? (() => undefined),
  });
  return { plan, outcome };
}

function refuseBlocked(plan: Plan): void {
  const problems = plan.blocked.map(({ key, dependency, missing }) => {
    const lacked = missing[0] === dependency ? "any version" : firstFew(missing);
    const details = { step: key, dependency, missing: lacked };
    return new MillraceError("STEP_BLOCKED", details, { place: { asset: key } });
  });
  const [first] = problems;
  if (first !== undefined)
    throw new MillraceError("STEP_BLOCKED", first.details, { place: first.place, problems });
}

function newRun(plan: Plan, identity: string, context: ControlContext): Promise<RunLease> {
  const steps = plan.steps.flatMap(({ key, outputs, range }): NewStep[] => {
    const [first] = outputs;
    if (first === undefined) return [];
    const { spaceId } = knownAsset(context.known, first.asset);
    const made = outputs.map(({ asset }) => ({
      asset: asset.key,
      assetId: knownAsset(context.known, asset).assetId,
    }));
    return [{ key, outputs: made, spaceId, range }];
  });
  const run = {
    id: randomUUID(),
    identity,
    selection: plan.selection,
    trigger: "materialize",
    tags: {},
    steps,
  };
  return context.state.runs.create(context.scope, run, context.processes.self, leaseMs);
}

/** What makes two runs the same work: what was asked for, the code that would do it, and what it would read from outside. */
function identityOf(
  request: MaterializeRequest,
  targets: readonly AssetDefinition[],
  observed: Readonly<Record<string, string>>,
  context: ControlContext,
): string {
  const code = targets.map((asset) => [asset.key, context.codeVersionOf(asset)]);
  const { partitions, staleOnly = false } = request;
  const work = canonicalJson({ partitions, staleOnly, code, observed });
  return createHash("sha256").update(work).digest("hex");
}

interface Continued {
  readonly plan: Plan;
  readonly lease: RunLease;
  readonly committed: readonly CommittedStep[];
  readonly abandoned: RunRequest["abandoned"];
}

async function continueRun(
  identity: string,
  today: Plan,
  { claims = "fail" }: MaterializeOptions,
  context: ControlContext,
): Promise<Continued | undefined> {
  const { state, scope, processes } = context;
  const run = await state.runs.latest(scope, identity);
  if (run === undefined || run.status === "success" || run.status === "failure") return undefined;
  if (run.status !== "canceled" && run.owner !== undefined && isAtWork(run, context)) {
    // Whoever gives way to its claims may begin a run of the same beside it.
    if (claims !== "fail") return undefined;
    const process = `${run.owner.pid} on ${run.owner.host}`;
    throw new MillraceError("RUN_ACTIVE", { run: run.id, process });
  }
  const recorded = await state.runs.steps(run.id);
  if (!(await isStillCurrent(run, recorded, today, context))) return undefined;
  const taken = await state.runs
    .takeOver(scope, run.id, run.token, processes.self, leaseMs)
    .catch(startAnewIfExpired);
  if (taken === undefined) return undefined;
  const { lease, abandoned } = taken;
  const steps = await state.runs.steps(run.id);
  const committed = steps.flatMap(({ key, status, outputs, skipped }): CommittedStep[] =>
    // What was skipped because of something above is pending again.
    status === "success" || status === "skipped"
      ? [{ key, status, outputs, byAuthor: skipped === "author" }]
      : [],
  );
  const plan = resumePlan(steps, context.graph, context.known, today, context.clock.now());
  return { plan: { ...plan, snapshot: lease.snapshot }, lease, committed, abandoned };
}

/** What it had made is no longer kept: there is nothing to go on from. */
function startAnewIfExpired(error: unknown): undefined {
  if (error instanceof MillraceError && error.code === "RUN_EXPIRED") return undefined;
  throw error;
}

/**
 * An interrupted run reads the snapshot it began with. Once others have published, going on with it would make versions
 * from data that is no longer current; only its own publish does not count, after which it merely has to end.
 */
async function isStillCurrent(
  run: RunRecord,
  steps: readonly StepRecord[],
  today: Plan,
  context: ControlContext,
): Promise<boolean> {
  if (run.snapshot === today.snapshot) return true;
  const versionId = steps.flatMap(({ outputs }) => outputs.flatMap((output) => output.versionId ?? [])).at(0);
  const version = versionId === undefined ? undefined : await context.state.catalog.version(versionId);
  return run.snapshot + 1 === today.snapshot && version?.state === "published";
}
