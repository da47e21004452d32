import { compareRanges, overlaps, type PartitionRange } from "./range.ts";

/** Ranges that may overlap: of those that begin before a place, only as many are looked at as can reach into it. */
export class Overlaps<R extends { readonly range: PartitionRange }> {
  readonly #slices: ReadonlyMap<string, { readonly sorted: readonly R[]; readonly reach: readonly number[] }>;

  constructor(ranges: readonly R[]) {
    this.#slices = new Map(
      [...Map.groupBy(ranges, ({ range }) => range.slice)].map(([slice, own]) => {
        const sorted = own.toSorted((a, b) => compareRanges(a.range, b.range));
        let furthest = Number.NEGATIVE_INFINITY;
        const reach = sorted.map(({ range }) => (furthest = Math.max(furthest, range.to)));
        return [slice, { sorted, reach }];
      }),
    );
  }

  /** Those that share a partition with a range. */
  over(range: PartitionRange): R[] {
    const slice = this.#slices.get(range.slice);
    if (slice === undefined) return [];
    const { sorted, reach } = slice;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.range.from ?? 0) < range.to) low = middle + 1;
      else high = middle;
    }
    const found: R[] = [];
    for (let at = low - 1; at >= 0 && (reach[at] ?? 0) > range.from; at -= 1) {
      const one = sorted[at];
      if (one !== undefined && overlaps(one.range, range)) found.push(one);
    }
    return found;
  }
}
