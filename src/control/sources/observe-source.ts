import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { Observation } from "../../ports/state/observation-store.ts";
import type { ControlContext } from "../control-context.ts";

/** What was last seen of external assets, by the id of the asset. */
export function lastObservations(
  external: readonly AssetDefinition[],
  { state, scope, known }: ControlContext,
): Promise<ReadonlyMap<number, Observation>> {
  return state.observations.latest(
    scope,
    external.map((asset) => knownAsset(known, asset).assetId),
  );
}

/**
 * What an external asset looks like now. A change is noted in state, so that a large file is read once and not by every
 * look.
 *
 * @throws EXTERNAL_MISSING, EXTERNAL_OBSERVE_FAILED, EXTERNAL_UNREPORTED
 */
export async function observeSource(
  asset: AssetDefinition,
  before: Observation | undefined,
  { state, scope, known, clock, sources }: ControlContext,
): Promise<Observation> {
  const seen = await sources.observe(asset, before);
  if (before !== undefined && seen.mark === before.mark) return before;
  const { assetId } = knownAsset(known, asset);
  const observation = { assetId, asset: asset.key, ...seen, observedAt: clock.now() };
  await state.observations.record(scope, observation);
  return observation;
}
