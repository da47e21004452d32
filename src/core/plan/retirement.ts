import { isExternal } from "../asset/asset-definition.ts";
import type { CurrentVersion } from "../catalog/version.ts";
import type { PartitionRange } from "../partition/range.ts";
import { RangeSet } from "../partition/range-set.ts";
import type { PartitionSpace } from "../partition/space.ts";
import type { ProjectGraph } from "../project/project-graph.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";

/** What is current and has left the code: the next publish ends its pointers (N12). */
export interface Retired {
  readonly key: string;
  readonly assetId: number;
  /** Some partitions; absent: all of the asset. */
  readonly place?: { readonly spaceId: number; readonly range: PartitionRange };
  /** Their names, in order. */
  readonly partitions?: readonly string[];
}

/**
 * Assets that the project no longer has (or only observes), and partitions that their definition no longer has. What
 * lies in a former partitioning stays until something is published in the present one: a changed partitioning is
 * another space, and an asset is not to vanish between the two.
 */
export function retirements(
  current: readonly CurrentVersion[],
  graph: ProjectGraph,
  known: ReadonlyMap<string, KnownAsset>,
  keys: ReadonlyMap<number, string>,
  now: number,
): readonly Retired[] {
  const made = graph.order.filter((asset) => !isExternal(asset));
  const places = new Map(
    made.map((asset) => {
      const place = knownAsset(known, asset);
      return [place.assetId, { key: asset.key, ...place }];
    }),
  );
  const byAsset = Map.groupBy(current, ({ version }) => version.assetId);
  return [...byAsset].flatMap(([assetId, pointers]): Retired[] => {
    const place = places.get(assetId);
    if (place === undefined) return [{ key: keys.get(assetId) ?? String(assetId), assetId }];
    const { key, spaceId, space } = place;
    const present = pointers.flatMap(({ version, range }) => (version.spaceId === spaceId ? [range] : []));
    const slices = new Set(present.map(({ slice }) => slice));
    const defined = RangeSet.of([...slices].flatMap((slice) => definedRanges(space, slice, now)));
    return RangeSet.of(present)
      .difference(defined)
      .ranges.map((range) => ({
        key,
        assetId,
        place: { spaceId, range },
        partitions: Array.from({ length: range.to - range.from }, (_, index) => {
          return space.keyOf(range.from + index) ?? String(range.from + index);
        }),
      }));
  });
}

/** Without an end a definition goes on: what lies after now was made by a clock that was ahead. */
function definedRanges(space: PartitionSpace, slice: string, now: number): readonly PartitionRange[] {
  const { definition } = space;
  if (definition.kind === "none") return [{ slice, from: 0, to: 1 }];
  if (definition.kind === "static") return space.ranges(now).ranges.map((range) => ({ ...range, slice }));
  const to = definition.last === undefined ? Number.POSITIVE_INFINITY : definition.last + 1;
  return [{ slice, from: definition.first, to }];
}
