import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { CatalogView } from "../../core/catalog/catalog-view.ts";
import type { VersionRecord } from "../../core/catalog/version.ts";
import { checksOfWhole } from "../../core/check/effective-scope.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import { missingFrom } from "../../core/partition/range.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { Plan, PlanStep } from "../../core/plan/plan.ts";
import type { CurrentSummary } from "../../ports/state/catalog-store.ts";
import type { CheckedAssets, WholeEvaluation } from "../../ports/state/checked-assets.ts";
import { askWholeAsset } from "./ask-whole-asset.ts";
import { isRejection } from "./evaluation-of.ts";
import type { Execution } from "../execution.ts";
import { expectedAssets, readsOf } from "./expected-assets.ts";
import { stepLog } from "../steps/step-log.ts";

/** A version that a step of this run has staged. */
export interface StagedOutput {
  readonly step: PlanStep;
  readonly asset: AssetDefinition;
  readonly version: VersionRecord;
}

/** An asset whose blocking checks failed, with all that the steps which made it have staged. */
export interface Rejection {
  readonly asset: AssetDefinition;
  readonly outputs: readonly StagedOutput[];
  readonly evaluations: readonly CheckEvaluation[];
  /** What was made from it in this run, and the step on account of which it goes too. */
  readonly below: readonly { readonly output: StagedOutput; readonly because: string }[];
}

export interface CheckedWhole {
  readonly rejections: readonly Rejection[];
  /** Undefined when no asset has such checks. */
  readonly checked: CheckedAssets | undefined;
  /** The snapshot that the checks have seen; undefined when none was asked. */
  readonly snapshot: number | undefined;
}

/**
 * Asks the checks of whole assets: of each as it would be, with the staged versions put into the newest snapshot. An
 * asset that fails takes with it what was made from it, before what comes after is asked.
 */
export async function checkWholeAssets(
  plan: Pick<Plan, "steps" | "retired">,
  staged: readonly StagedOutput[],
  execution: Execution,
): Promise<CheckedWhole> {
  const { options, runId } = execution;
  const wholeChecks = (asset: AssetDefinition) => checksOfWhole(options.checksOf(asset), asset);
  const assets = [...new Set(staged.map(({ asset }) => asset))];
  const asked = assets.filter((asset) => wholeChecks(asset).length > 0);
  if (asked.length === 0) return { rejections: [], checked: undefined, snapshot: undefined };

  const read = asked.flatMap((asset) => readsOf(wholeChecks(asset)));
  const newest = await newestState([...assets, ...read], plan.retired, options);
  let kept = staged;
  let view = newest.with(kept);
  const before = newest.with([]);
  const rejections: Rejection[] = [];
  const evaluations: WholeEvaluation[] = [];
  const seen = new Set<AssetDefinition>();
  for (const asset of asked) {
    const outputs = kept.filter((output) => output.asset === asset);
    const last = outputs.at(-1);
    if (last === undefined) continue;
    const checks = wholeChecks(asset);
    const circumstances = {
      log: stepLog(last.step, execution),
      attempt: 1,
      runId,
      resources: execution.resources,
    };
    const versionId = last.version.id;
    const about = { asset, checks, view, before, signal: execution.signal, circumstances, versionId, runId };
    const found = await askWholeAsset(about, options);
    if (found.some(isRejection)) {
      const failed = new Set(outputs.map(({ step }) => step.key));
      // What comes out of one step is published together (N16).
      const together = kept.filter(({ step }) => failed.has(step.key));
      const below = madeFrom(together, kept, plan);
      const gone = new Set([...together, ...below.map(({ output }) => output)].map(({ step }) => step.key));
      rejections.push({ asset, outputs: together, evaluations: found, below });
      kept = kept.filter(({ step }) => !gone.has(step.key));
      view = newest.with(kept);
    } else {
      const step = last.step.key;
      evaluations.push(...found.map((evaluation) => ({ asset: asset.key, step, evaluation })));
      for (const read of [asset, ...readsOf(checks)]) seen.add(read);
    }
  }
  const retired = new Set(plan.retired.map(({ assetId }) => assetId));
  const staging = new Set(kept.map(({ asset }) => asset));
  const expected = expectedAssets(seen, {
    view,
    summaries: newest.summaries,
    isMoved: (asset) => staging.has(asset) || retired.has(knownAsset(options.known, asset).assetId),
    known: options.known,
  });
  return {
    rejections,
    checked: evaluations.length === 0 ? undefined : { assets: expected, evaluations },
    snapshot: view.snapshot,
  };
}

interface NewestState {
  readonly summaries: ReadonlyMap<number, CurrentSummary>;
  /** The newest snapshot with these versions in their places. */
  with(staged: readonly StagedOutput[]): CatalogView;
}

async function newestState(
  assets: readonly AssetDefinition[],
  retired: Plan["retired"],
  { state, scope, known }: Execution["options"],
): Promise<NewestState> {
  const ids = [...new Set(assets.map((asset) => knownAsset(known, asset).assetId))];
  const { number } = await state.catalog.head(scope);
  const current = (await state.catalog.current(scope, number, ids)).flatMap((piece) => {
    // What has left the code goes with the publish (N12).
    const gone = retired.flatMap(({ assetId, place }) =>
      assetId === piece.version.assetId && (place === undefined || place.spaceId === piece.version.spaceId)
        ? [place?.range ?? piece.range]
        : [],
    );
    return gone.length === 0 ? [piece] : missingFrom(piece.range, gone).map((range) => ({ ...piece, range }));
  });
  return {
    summaries: await state.catalog.summaries(scope, number, ids),
    with(staged) {
      const view = new CatalogView(number, current);
      for (const { version } of staged) view.stage(version);
      return view;
    },
  };
}

/** What this run has made from these, directly or not. */
function madeFrom(
  outputs: readonly StagedOutput[],
  staged: readonly StagedOutput[],
  { steps }: Pick<Plan, "steps">,
): Rejection["below"] {
  const gone = new Set(outputs.map(({ step }) => step.key));
  const because = new Map<string, string>();
  for (const { key, dependsOn } of steps) {
    const broken = gone.has(key) ? undefined : dependsOn.find((upstream) => gone.has(upstream));
    if (broken === undefined) continue;
    gone.add(key);
    because.set(key, broken);
  }
  return staged.flatMap((output) => {
    const broken = because.get(output.step.key);
    return broken === undefined ? [] : [{ output, because: broken }];
  });
}
