import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { PlacedAsset } from "../catalog/catalog-view.ts";
import { MillraceError } from "../errors.ts";
import type { PartitionSpace } from "../partition/space.ts";

/** An asset with its identities in state. */
export interface KnownAsset extends PlacedAsset {
  readonly space: PartitionSpace;
  /** The key by which state names it; the asset's own when absent. */
  readonly recordedAs?: string;
}

/** @throws ASSET_NOT_FOUND */
export function knownAsset(
  known: ReadonlyMap<string, KnownAsset>,
  { key }: Pick<AssetDefinition, "key">,
): KnownAsset {
  const found = known.get(key);
  if (found === undefined) throw new MillraceError("ASSET_NOT_FOUND", { key });
  return found;
}
