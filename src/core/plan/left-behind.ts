import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { CatalogView } from "../catalog/catalog-view.ts";
import { schemaMismatches, type SchemaMismatch } from "../catalog/schema-mismatch.ts";
import { missingFrom, type PartitionRange } from "../partition/range.ts";
import { RangeSet } from "../partition/range-set.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";
import type { LeftPartitions } from "./plan-outline.ts";
import type { Retired } from "./retirement.ts";

interface Places {
  readonly view: CatalogView;
  readonly known: ReadonlyMap<string, KnownAsset>;
  /** What the publish will end. */
  readonly retired?: readonly Retired[];
}

/**
 * The partitions that could not be read beside what a plan makes of an asset: they were written with a schema that
 * today's is no widening of, so all of them have to be made along (N6). None when nothing of the
 * asset is made.
 */
export function leftBehind(
  asset: AssetDefinition,
  planned: RangeSet | undefined,
  places: Places,
): readonly LeftPartitions[] {
  if (planned === undefined || asset.partitions.kind === "none") return [];
  const { space } = knownAsset(places.known, asset);
  const unreadable = unreadableRanges(asset, planned.ranges, places);
  const [first] = unreadable;
  if (first === undefined) return [];
  const partitions = RangeSet.of(unreadable.map(({ range }) => range));
  return [{ asset, space, mismatch: first.mismatch, partitions }];
}

/** What is current of an asset, beside `made` and what is retired, and cannot be read as it is declared now. */
export function unreadableRanges(
  asset: AssetDefinition,
  made: readonly PartitionRange[],
  { view, known, retired = [] }: Places,
): readonly { readonly range: PartitionRange; readonly mismatch: SchemaMismatch }[] {
  const own = knownAsset(known, asset);
  const ending = retired.flatMap(({ key, place }) =>
    key === asset.key && place?.spaceId === own.spaceId ? [place.range] : [],
  );
  return view.pieces(own).flatMap(({ range, version }) => {
    const [mismatch] = schemaMismatches(asset, version);
    if (mismatch === undefined) return [];
    return missingFrom(range, [...made, ...ending]).map((left) => ({ range: left, mismatch }));
  });
}
