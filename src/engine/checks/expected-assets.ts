import { isExternal, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import { aggregateDataVersion } from "../../core/catalog/aggregate.ts";
import type { CatalogView } from "../../core/catalog/catalog-view.ts";
import type { CheckDefinition } from "../../core/check/check-definition.ts";
import { checkReads } from "../../core/check/check-reads.ts";
import { knownAsset, type KnownAsset } from "../../core/plan/known-asset.ts";
import type { CurrentSummary } from "../../ports/state/catalog-store.ts";
import type { CheckedAssets } from "../../ports/state/checked-assets.ts";

/** Assets of the catalog that checks compare with. */
export function readsOf(checks: readonly CheckDefinition[]): readonly AssetDefinition[] {
  return checks.flatMap(({ rule }) => [...checkReads(rule).values()]).filter((read) => !isExternal(read));
}

/** What assets are to become, by what checks have seen of them. */
export function expectedAssets(
  seen: Iterable<AssetDefinition>,
  about: {
    readonly view: CatalogView;
    /** Of the snapshot that the view is of, before anything was put into it. */
    readonly summaries: ReadonlyMap<number, CurrentSummary>;
    /** Is the asset one into which something was put, or from which something was taken? */
    readonly isMoved: (asset: AssetDefinition) => boolean;
    readonly known: ReadonlyMap<string, KnownAsset>;
  },
): CheckedAssets["assets"] {
  const { view, summaries, isMoved, known } = about;
  return [...new Set(seen)].map((asset) => {
    const placed = knownAsset(known, asset);
    const { assetId } = placed;
    // What is not touched may lie in a partitioning of before (N12), which the view has no pieces of.
    if (!isMoved(asset)) return { assetId, dataVersion: summaries.get(assetId)?.dataVersion };
    const pieces = view.pieces(placed);
    if (pieces.length === 0) return { assetId, dataVersion: undefined };
    return {
      assetId,
      dataVersion: aggregateDataVersion(
        pieces.map(({ range, version }) => ({ range, dataVersion: version.dataVersion ?? "" })),
      ),
    };
  });
}
