import type { AssetDefinition } from "../asset/asset-definition.ts";
import { unpartitioned } from "../partition/partitions.ts";

/** Identity, or all partitions into an unpartitioned asset (N24); everything else needs a mapping. */
export function mappable(
  asset: Pick<AssetDefinition, "partitions">,
  dependency: Pick<AssetDefinition, "partitions">,
): boolean {
  return (
    dependency.partitions === unpartitioned ||
    asset.partitions === unpartitioned ||
    asset.partitions === dependency.partitions
  );
}
