import { isExternal } from "../../core/asset/asset-definition.ts";
import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { refusePartitions, wantedRanges, type PartitionRequest } from "../../core/plan/wanted-ranges.ts";
import type { HoldTarget } from "../../ports/state/hold-store.ts";
import { chooseAssets } from "../planning/choose.ts";
import type { ControlContext } from "../control-context.ts";

/**
 * The places of the catalog that a selection means. External assets have none, and are passed over.
 *
 * @throws SELECTION_EMPTY, SELECTION_INVALID, SELECTION_EXTERNAL, PARTITION_UNKNOWN, PARTITION_NEEDED
 */
export async function holdTargets(
  selection: string,
  partitions: PartitionRequest | undefined,
  context: ControlContext,
): Promise<readonly HoldTarget[]> {
  const { known, clock } = context;
  const chosen = await chooseAssets(selection, context);
  const assets = chosen.filter((asset) => !isExternal(asset));
  if (assets.length === 0 && chosen.length > 0) throw new MillraceError("SELECTION_EXTERNAL", { selection });
  refusePartitions(assets, partitions);
  return assets.map((asset): HoldTarget => {
    const { assetId, spaceId } = knownAsset(known, asset);
    const place = { key: asset.key, assetId, spaceId };
    if (partitions === undefined || asset.partitions.kind === "none") return place;
    return { ...place, ranges: wantedRanges(asset, { partitions, known, now: clock.now() }).ranges };
  });
}
