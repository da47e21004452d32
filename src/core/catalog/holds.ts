import { compareRanges, overlaps, type PartitionRange } from "../partition/range.ts";
import type { PlacedAsset } from "./catalog-view.ts";
import type { Hold, HeldRange } from "./hold.ts";

/** All that is held in an environment, to be asked by place. */
export class Holds {
  readonly #byAsset: ReadonlyMap<string, readonly HeldRange[]>;

  constructor(held: readonly HeldRange[]) {
    this.#byAsset = new Map(
      [...Map.groupBy(held, placeKey)].map(([key, own]) => [
        key,
        own.toSorted((a, b) => compareRanges(a.range, b.range)),
      ]),
    );
  }

  /** The hold on a place, or on a part of it. */
  over(asset: PlacedAsset, range: PartitionRange): Hold | undefined {
    const sorted = this.#byAsset.get(placeKey(asset)) ?? [];
    let [low, high] = [0, sorted.length];
    // Holds never overlap: of those that begin before the range ends, only the last can reach into it.
    while (low < high) {
      const middle = (low + high) >> 1;
      const one = sorted[middle];
      if (one !== undefined && compareRanges(one.range, { ...range, from: range.to }) < 0) low = middle + 1;
      else high = middle;
    }
    const last = sorted[low - 1];
    return last !== undefined && overlaps(last.range, range) ? last.hold : undefined;
  }
}

function placeKey({ assetId, spaceId }: PlacedAsset): string {
  return `${assetId} ${spaceId}`;
}
