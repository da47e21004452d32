import type { PartitionRange } from "../partition/range.ts";
import type { PlacedAsset } from "./catalog-view.ts";
import { movePointers } from "./move-pointers.ts";

interface Piece extends PlacedAsset {
  readonly range: PartitionRange;
}

/**
 * What still shows of a base under what an environment has of its own (N11): each piece that lies there untouched, and
 * what is left of the others. Neither list overlaps itself. n log n, also for a million partitions.
 */
export function showThrough<Base extends Piece>(
  base: readonly Base[],
  own: readonly Piece[],
): readonly { readonly of: Base; readonly range: PartitionRange }[] {
  const over = Map.groupBy(own, placeKey);
  return [...Map.groupBy(base, placeKey)].flatMap(([key, pieces]) => {
    const { ended, remaining } = movePointers(pieces, over.get(key) ?? []);
    const cut = new Set(ended);
    const whole = pieces.filter((piece) => !cut.has(piece)).map((of) => ({ of, range: of.range }));
    return [...whole, ...remaining];
  });
}

function placeKey({ assetId, spaceId }: PlacedAsset): string {
  return `${assetId} ${spaceId}`;
}
