import { isExternal } from "../../core/asset/asset-definition.ts";
import { CatalogView } from "../../core/catalog/catalog-view.ts";
import { readableParts } from "../../core/catalog/readable-part.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { chooseAssets } from "../planning/choose.ts";
import type { ControlContext } from "../control-context.ts";
import { resolveSnapshot } from "../snapshots/resolve-snapshot.ts";
import { type ContentReading, verifyVersion } from "./verify-version.ts";

/** A version whose content is not what was written. */
export interface DamagedVersion {
  readonly asset: string;
  readonly partition: string | undefined;
  readonly version: string;
  /** Names the file. */
  readonly reason: string;
}

export interface Verification {
  readonly snapshot: number;
  /** How many versions were read in full. */
  readonly versions: number;
  readonly damaged: readonly DamagedVersion[];
}

/**
 * Reads all that a selection has at a snapshot, every byte of it, and compares it with what was written. Readers look
 * only whether files are there and as long as they were.
 *
 * @throws SNAPSHOT_GONE and the like, and what a selection can throw
 */
export async function verify(
  request: { readonly selection: string; readonly at?: string },
  context: ControlContext,
  reading: ContentReading,
): Promise<Verification> {
  const { state, scope, known } = context;
  const assets = (await chooseAssets(request.selection, context)).filter((asset) => !isExternal(asset));
  const { number } = await resolveSnapshot(request.at, context);
  const ids = assets.map((asset) => knownAsset(known, asset).assetId);
  const view = new CatalogView(number, await state.catalog.current(scope, number, ids));
  const damaged: DamagedVersion[] = [];
  const seen = new Set<string>();
  for (const asset of assets) {
    const placed = knownAsset(known, asset);
    for (const part of readableParts(view.pieces(placed), placed.space)) {
      const { id } = part.version;
      if (seen.has(id)) continue;
      seen.add(id);
      const reason = await verifyVersion(asset.key, part, reading, context);
      if (reason !== undefined)
        damaged.push({ asset: asset.key, partition: part.partition, version: id, reason });
    }
  }
  return { snapshot: number, versions: seen.size, damaged };
}
