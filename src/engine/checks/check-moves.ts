import { randomUUID } from "node:crypto";
import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { CatalogView } from "../../core/catalog/catalog-view.ts";
import { madeAt } from "../../core/catalog/version.ts";
import { checksOfWhole } from "../../core/check/effective-scope.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { MoveCheckRequest } from "../../ports/check-runner.ts";
import type { CheckedAssets, WholeEvaluation } from "../../ports/state/checked-assets.ts";
import { askWholeAsset } from "./ask-whole-asset.ts";
import type { EngineOptions } from "../engine-options.ts";
import { expectedAssets, readsOf } from "./expected-assets.ts";

/** Asks the checks of whole assets of what moves without a run (N19): of each asset as it would be. */
export async function checkMoves(
  { snapshot, assets, places, signal, logOf }: MoveCheckRequest,
  options: EngineOptions,
): Promise<CheckedAssets> {
  const { state, scope, known, checksOf } = options;
  const moved = new Set(places.map(({ asset }) => asset));
  const checked = assets.filter((asset) => checksOfWhole(checksOf(asset), asset).length > 0);
  const read = checked.flatMap((asset) => readsOf(checksOfWhole(checksOf(asset), asset)));
  const ids = [...new Set([...checked, ...read].map((asset) => knownAsset(known, asset).assetId))];
  const current = await state.catalog.current(scope, snapshot, ids);
  const before = new CatalogView(snapshot, current);
  const view = before.overlaid([]);
  for (const { asset, range, version } of places) view.place(knownAsset(known, asset), range, version);
  const runId = randomUUID();
  const seen = new Set(checked);
  const evaluations: WholeEvaluation[] = [];
  const resources = options.resources.session();
  try {
    for (const asset of checked.filter((one) => moved.has(one))) {
      const versionId = newestOf(asset, places, view, options);
      if (versionId === undefined) continue;
      const checks = checksOfWhole(checksOf(asset), asset);
      for (const one of readsOf(checks)) seen.add(one);
      const circumstances = { log: logOf(asset.key), attempt: 1, runId, resources };
      const whole = { asset, checks, view, before, signal, circumstances, versionId };
      for (const evaluation of await askWholeAsset(whole, options))
        evaluations.push({ asset: asset.key, evaluation });
    }
  } finally {
    await resources.close();
  }
  const summaries = await state.catalog.summaries(scope, snapshot, ids);
  const isMoved = (asset: AssetDefinition): boolean => moved.has(asset);
  return { assets: expectedAssets(seen, { view, summaries, isMoved, known }), evaluations };
}

/** The version that an evaluation is about: the last that moves there; where none does, the newest that stays. */
function newestOf(
  asset: AssetDefinition,
  places: MoveCheckRequest["places"],
  view: CatalogView,
  { known }: EngineOptions,
): string | undefined {
  const placed = view.pieces(knownAsset(known, asset)).map(({ version }) => version);
  const current = new Set(placed.map(({ id }) => id));
  const put = places.findLast((place) => place.asset === asset && current.has(place.version?.id ?? ""));
  return (put?.version ?? placed.toSorted((a, b) => madeAt(a) - madeAt(b)).at(-1))?.id;
}
