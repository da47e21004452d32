import { createHash, randomUUID } from "node:crypto";
import { canonicalJson } from "../core/canonical-json.ts";
import { CatalogView } from "../core/catalog/catalog-view.ts";
import { schemaMismatches } from "../core/catalog/schema-mismatch.ts";
import type { VersionRecord } from "../core/catalog/version.ts";
import { MillraceError } from "../core/errors.ts";
import { blockedError } from "../core/plan/blocked-error.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import type { Plan, PlanStep } from "../core/plan/plan.ts";
import { revisePlan, type RevisedPlan, type StepMadeAgain } from "../core/plan/revise-plan.ts";
import { staleCauses } from "../core/plan/stale-cause.ts";
import type { ClaimPolicy } from "../core/run/claim-policy.ts";
import type { RunRecord, StepRecord } from "../core/run/run.ts";
import type { RunOutcome, RunProgress } from "../core/run/run-progress.ts";
import type { NewStep, RunLease, TakenOver } from "../ports/state/run-store.ts";
import { codeChangesSince } from "./code-changes-since.ts";
import { committedStep } from "./committed-step.ts";
import type { ControlContext } from "./control-context.ts";
import { endDeadRuns } from "./end-dead-runs.ts";
import { isAtWork } from "./is-at-work.ts";
import { planMaterialization, type MaterializeRequest, type Prepared } from "./plan-materialization.ts";
import { madeAssets, recordCode } from "./record-code.ts";

/** How long a run stays somebody's without a sign of life. */
export const leaseMs = 15_000;

export interface MaterializeOptions {
  /** Start a new run, even where an interrupted one of the same selection and code could be continued. */
  readonly fresh?: boolean;
  /** Of a step whose place another run is writing (N15); `fail` when absent. */
  readonly claims?: ClaimPolicy;
  /**
   * Publish also what was made from older inputs than what is current (N15), or what a served endpoint cannot read (N20).
   * What is held stays held; what was appended to something else than what is current stays superseded.
   */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** Told once, before the first step. */
  readonly onStart?: (start: RunStart) => void;
  readonly report?: (progress: RunProgress) => void;
}

export interface RunStart {
  readonly runId: string;
  readonly plan: Plan;
  /** Steps that an interrupted run had already committed and that count; undefined for a new run. */
  readonly continued: number | undefined;
  /** Steps that it had committed and that are made again: their code or what they read is no longer the same. */
  readonly again: readonly StepMadeAgain[];
}

export interface Materialized {
  readonly plan: Plan;
  /** Undefined when there was nothing to do. */
  readonly outcome: RunOutcome | undefined;
}

/**
 * Materializes a selection: plans, then continues the interrupted run of the same selection if there is one, else starts
 * a new one, and follows it to its end. A run is continued with today's code: what it had committed counts where code
 * and inputs are still the same (N9).
 *
 * @throws SELECTION_EMPTY, SELECTION_EXTERNAL, PARTITION_UNKNOWN, STEP_BLOCKED, SCHEMA_MIXED and the like before anything is written
 */
export async function materialize(
  request: MaterializeRequest,
  context: ControlContext,
  options: MaterializeOptions = {},
): Promise<Materialized> {
  const prepared = await planMaterialization(request, context);
  const identity = identityOf(request, prepared);
  const basis = basisOf(prepared, context);
  const found =
    options.fresh === true ? undefined : await findContinued({ identity, basis }, prepared, options, context);
  // Before dead runs are ended: it goes on under a new token, which only one of two gets.
  const taken =
    found === undefined ? undefined : await takeOver(found, basis, context).catch(startAnewIfExpired);
  const continued = taken === undefined ? undefined : found;
  const plan = continued?.revised.plan ?? prepared.plan;
  if (continued === undefined) refuseBlocked(plan);
  await endDeadRuns(context);
  if (plan.steps.length === 0 && plan.retired.length === 0) return { plan, outcome: undefined };
  const lease = taken?.lease ?? (await newRun(plan, { identity, basis }, context));
  await recordCode(plan.steps.flatMap(madeAssets), context);
  const committed = continued?.revised.kept.flatMap(committedStep) ?? [];
  const again = continued?.revised.again ?? [];
  options.onStart?.({
    runId: lease.runId,
    plan,
    continued: continued === undefined ? undefined : committed.length,
    again,
  });
  const outcome = await context.launcher.launch({
    plan: { ...plan, snapshot: lease.snapshot },
    lease,
    leaseMs,
    committed,
    abandoned: taken?.abandoned ?? [],
    interrupted: taken?.interrupted ?? [],
    claims: options.claims ?? "fail",
    force: options.force ?? false,
    signal: options.signal,
    report: options.report ?? (() => undefined),
  });
  return { plan, outcome };
}

function refuseBlocked(plan: Plan): void {
  const problems = plan.blocked.map(blockedError);
  const [first] = problems;
  if (first !== undefined)
    throw new MillraceError(first.code, first.details, { place: first.place, problems });
}

async function newRun(
  plan: Plan,
  same: Pick<RunRecord, "identity" | "basis">,
  context: ControlContext,
): Promise<RunLease> {
  const codePin = await context.code.keep(plan.steps.flatMap(madeAssets));
  const run = {
    id: randomUUID(),
    ...same,
    selection: plan.selection,
    trigger: "materialize",
    tags: {},
    steps: plan.steps.map((step) => newStep(step, context)),
    ...(codePin === undefined ? {} : { codePin }),
    ...(plan.fullRefresh === true ? { fullRefresh: true } : {}),
  };
  return context.state.runs.create(context.scope, run, context.processes.self, leaseMs);
}

function newStep({ key, outputs, range, certainty }: PlanStep, { known }: ControlContext): NewStep {
  const made = outputs.map(({ asset }) => ({ asset: asset.key, assetId: knownAsset(known, asset).assetId }));
  const spaceId = outputs[0] === undefined ? 0 : knownAsset(known, outputs[0].asset).spaceId;
  return { key, outputs: made, spaceId, range, mayRun: certainty === "may run" };
}

/** What makes two runs the same work: what was asked for. */
function identityOf(request: MaterializeRequest, { targets }: Prepared): string {
  const assets = targets.map((asset) => asset.key);
  const { partitions, staleOnly = false, fullRefresh = false } = request;
  const work = canonicalJson({ partitions, staleOnly, fullRefresh, assets });
  return createHash("sha256").update(work).digest("hex");
}

/** What it would be done with: the code, and what it would read from outside. */
function basisOf({ plan, observed }: Prepared, { codeVersionOf }: ControlContext): string {
  const assets = [...new Set(plan.steps.flatMap(madeAssets))];
  const basis = canonicalJson({
    code: assets.map((asset) => [asset.key, codeVersionOf(asset)]),
    observed: Object.fromEntries([...observed].map(([asset, version]) => [asset.key, version])),
  });
  return createHash("sha256").update(basis).digest("hex");
}

/** An interrupted run of the same work, and what today's code makes of it. */
interface Continued {
  readonly run: RunRecord;
  readonly revised: RevisedPlan;
}

async function findContinued(
  { identity, basis }: Pick<RunRecord, "identity" | "basis">,
  { plan: today, observed }: Prepared,
  { claims = "fail" }: MaterializeOptions,
  context: ControlContext,
): Promise<Continued | undefined> {
  const { state, scope, graph, known, codeVersionOf } = context;
  const run = await state.runs.latest(scope, identity);
  if (run === undefined || run.status === "success") return undefined;
  if (
    run.status !== "canceled" &&
    run.status !== "failure" &&
    run.owner !== undefined &&
    isAtWork(run, context)
  ) {
    // Whoever gives way to its claims may begin a run of the same beside it.
    if (claims !== "fail") return undefined;
    const process = `${run.owner.pid} on ${run.owner.host}`;
    throw new MillraceError("RUN_ACTIVE", { run: run.id, process });
  }
  const recorded = await state.runs.steps(run.id);
  const versions = await madeVersions(recorded, context);
  const published = [...versions.values()].some((version) => version.state === "published");
  // Its own publish is the only one that may have come since it began: it reads the snapshot it began with.
  if (run.snapshot + (published ? 1 : 0) !== today.snapshot) return undefined;
  // Other outputs of the same step are other work.
  if (!makesTheSame(recorded, today)) return undefined;
  const changesOf = await codeChangesSince(versions.values(), context);
  const revised = revisePlan({
    recorded,
    versions,
    today,
    view: new CatalogView(today.snapshot, await state.catalog.current(scope, today.snapshot)),
    graph,
    known,
    causesOf: (asset, version, inputs) =>
      staleCauses(
        version,
        codeVersionOf(asset),
        inputs,
        (since) => changesOf(asset, since),
        schemaMismatches(asset, version),
      ),
    observedOf: (asset) => observed.get(asset),
    sameBasis: run.basis === basis,
    now: context.clock.now(),
  });
  const { kept, again, added, dropped } = revised;
  const changed = again.length + added.length + dropped.length > 0;
  // A run that failed although each of its steps is done was only refused its publish: nothing need be made again.
  const refused = run.status === "failure" && recorded.every(isDone) && !changed && run.basis === basis;
  if (run.status === "failure" && !refused) return undefined;
  // What it has published is done: a change since then is new work.
  if (published && changed) return undefined;
  // A run of which nothing counts is gone on with only where nothing is different.
  return kept.length === 0 && (changed || run.basis !== basis) ? undefined : { run, revised };
}

/** What it had made is no longer kept: there is nothing to go on from. */
function startAnewIfExpired(error: unknown): undefined {
  if (error instanceof MillraceError && error.code === "RUN_EXPIRED") return undefined;
  throw error;
}

function isDone({ status, skipped }: StepRecord): boolean {
  return status === "success" || (status === "skipped" && skipped !== "upstream");
}

function makesTheSame(recorded: readonly StepRecord[], today: Plan): boolean {
  const outputs = new Map(recorded.map((step) => [step.key, step.outputs.map(({ asset }) => asset).join()]));
  return today.steps.every((step) => {
    const before = outputs.get(step.key);
    return (
      before === undefined ||
      before ===
        madeAssets(step)
          .map(({ key }) => key)
          .join()
    );
  });
}

/** What the steps that succeeded have made. */
async function madeVersions(
  steps: readonly StepRecord[],
  context: ControlContext,
): Promise<ReadonlyMap<string, VersionRecord>> {
  const versions = new Map<string, VersionRecord>();
  for (const { versionId } of steps.flatMap(({ outputs }) => outputs)) {
    if (versionId === undefined) continue;
    const version = await context.state.catalog.version(versionId);
    if (version !== undefined) versions.set(versionId, version);
  }
  return versions;
}

async function takeOver(
  { run, revised }: Continued,
  basis: string,
  context: ControlContext,
): Promise<TakenOver> {
  const { state, scope, processes, code } = context;
  const codePin = await code.keep(revised.plan.steps.flatMap(madeAssets));
  return state.runs.takeOver(scope, run.id, run.token, processes.self, leaseMs, {
    basis,
    pending: revised.pending,
    added: revised.added.map((step) => newStep(step, context)),
    dropped: revised.dropped,
    ...(codePin === undefined ? {} : { codePin }),
  });
}
