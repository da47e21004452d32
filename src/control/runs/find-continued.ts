import { CatalogView } from "../../core/catalog/catalog-view.ts";
import { schemaMismatches } from "../../core/catalog/schema-mismatch.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { revisePlan, type RevisedPlan } from "../../core/plan/revise-plan.ts";
import { staleCauses } from "../../core/plan/stale-cause.ts";
import type { RunRecord, StepRecord } from "../../core/run/run.ts";
import { codeChangesSince } from "../planning/code-changes-since.ts";
import type { ControlContext } from "../control-context.ts";
import { interruptedRun, type ContinuePolicy } from "./interrupted-run.ts";
import type { Prepared } from "../planning/plan-materialization.ts";
import { madeAssets } from "./record-code.ts";

/** An interrupted run of the same work, and what today's code makes of it. */
export interface Continued {
  readonly run: RunRecord;
  readonly revised: RevisedPlan;
}

/**
 * The newest run of this identity, if it was interrupted and something of it counts.
 *
 * @throws RUN_ACTIVE when it is at work, unless claims are to be given way to
 */
export async function findContinued(
  { identity, basis }: Pick<RunRecord, "identity" | "basis">,
  prepared: Pick<Prepared, "plan" | "observed">,
  { claims, fromFailure }: ContinuePolicy,
  context: ControlContext,
): Promise<Continued | undefined> {
  // One that failed may only have been refused its publish.
  const run = await interruptedRun(identity, { claims, fromFailure: true }, context);
  return run === undefined ? undefined : continuationOf(run, basis, prepared, fromFailure, context);
}

/** What today's code makes of a run that nobody is at work on; undefined where nothing of it counts. */
export async function continuationOf(
  run: RunRecord,
  basis: string,
  { plan: today, observed }: Pick<Prepared, "plan" | "observed">,
  fromFailure: boolean,
  context: ControlContext,
): Promise<Continued | undefined> {
  const { state, scope, graph, known, codeVersionOf } = context;
  // Steps of ops are compared when they are come to.
  const recorded = (await state.runs.steps(run.id)).filter(({ outputs }) => outputs.length > 0);
  const made = recorded.flatMap(({ outputs }) => outputs.flatMap(({ versionId }) => versionId ?? []));
  const versions = await state.catalog.versionsWithIds(made);
  const published = [...versions.values()].some((version) => version.state === "published");
  // Only what it has published itself may have come since it began: it reads the snapshot it began with.
  const own = await state.runs.snapshots(scope, run.id);
  if (run.snapshot + own.length !== today.snapshot) return undefined;
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
  if (run.status === "failure" && !refused && !fromFailure) return undefined;
  // What it has published is done: a change since then is new work.
  if (published && changed) return undefined;
  // A run of which nothing counts is gone on with only where nothing is different.
  return kept.length === 0 && (changed || run.basis !== basis) ? undefined : { run, revised };
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
