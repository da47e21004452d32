import { isExternal } from "../asset/asset-definition.ts";
import type { CurrentVersion } from "../catalog/version.ts";
import { missingFrom, type PartitionRange } from "../partition/range.ts";
import type { PartitionSpace } from "../partition/space.ts";
import type { ProjectGraph } from "../project/project-graph.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";
import { asRanges } from "./step-inputs.ts";

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
    const ranges = pointers
      .filter(({ version }) => version.spaceId === spaceId)
      .flatMap(({ range }) => missingFrom(range, definedRanges(space, range.slice)));
    return joined(ranges).map((range) => ({
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
function definedRanges({ definition, declared }: PartitionSpace, slice: string): readonly PartitionRange[] {
  if (definition.kind === "none") return [{ slice, from: 0, to: 1 }];
  if (definition.kind === "static") return asRanges(declared).map((range) => ({ ...range, slice }));
  const to = definition.last === undefined ? Number.POSITIVE_INFINITY : definition.last + 1;
  return [{ slice, from: definition.first, to }];
}

function joined(ranges: readonly PartitionRange[]): readonly PartitionRange[] {
  const wide: PartitionRange[] = [];
  for (const range of ranges) {
    const last = wide.at(-1);
    if (last !== undefined && last.slice === range.slice && last.to === range.from)
      wide[wide.length - 1] = { ...last, to: range.to };
    else wide.push(range);
  }
  return wide;
}
