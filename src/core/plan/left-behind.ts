import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { CatalogView } from "../catalog/catalog-view.ts";
import { schemaMismatches, type SchemaMismatch } from "../catalog/schema-mismatch.ts";
import { missingFrom, type PartitionRange } from "../partition/range.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";
import type { LeftBehind } from "./plan.ts";
import type { Retired } from "./retirement.ts";
import { asRanges } from "./step-inputs.ts";

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
  planned: ReadonlySet<number> | undefined,
  places: Places,
): readonly LeftBehind[] {
  if (planned === undefined || asset.partitions.kind === "none") return [];
  const { space } = knownAsset(places.known, asset);
  const unreadable = unreadableRanges(asset, asRanges([...planned]), places);
  const [first] = unreadable;
  if (first === undefined) return [];
  const leaves = unreadable.flatMap(({ range }) =>
    Array.from({ length: range.to - range.from }, (_, index) => space.keyOf(range.from + index) ?? ""),
  );
  return [{ key: asset.key, mismatch: first.mismatch, leaves }];
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
