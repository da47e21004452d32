import { compareRanges, overlaps, type PartitionRange } from "../partition/range.ts";
import { firstReaching } from "../partition/range-set.ts";
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

  /** All that is held of an asset, in order of partition. */
  of(asset: PlacedAsset): readonly HeldRange[] {
    return this.#byAsset.get(placeKey(asset)) ?? [];
  }

  /** The hold on a place, or on a part of it: the last one. */
  over(asset: PlacedAsset, range: PartitionRange): Hold | undefined {
    const held = this.of(asset);
    let found: Hold | undefined;
    for (let at = firstReaching(held, (one) => one.range, range); at < held.length; at += 1) {
      const one = held[at];
      if (one === undefined || !overlaps(one.range, range)) break;
      found = one.hold;
    }
    return found;
  }
}

function placeKey({ assetId, spaceId }: PlacedAsset): string {
  return `${assetId} ${spaceId}`;
}
