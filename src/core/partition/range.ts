/**
 * A run of neighbouring partitions, half open: ordinals `from` ≤ o < `to` in one partition space. An unpartitioned
 * asset has the single ordinal 0. `slice` fixes the other dimensions of a partitioning that has several ("" when it
 * has one), so that sets stay ranges however many dimensions there are.
 */
export interface PartitionRange {
  readonly slice: string;
  readonly from: number;
  readonly to: number;
}

/** The one range of an asset without partitions. */
export const wholeRange: PartitionRange = Object.freeze({ slice: "", from: 0, to: 1 });

export function rangeOf(ordinal: number): PartitionRange {
  return { slice: "", from: ordinal, to: ordinal + 1 };
}

export function overlaps(a: PartitionRange, b: PartitionRange): boolean {
  return a.slice === b.slice && a.from < b.to && b.from < a.to;
}

/** The part of a range that lies in another one, which it overlaps. */
export function cutTo(range: PartitionRange, within: PartitionRange): PartitionRange {
  return {
    slice: range.slice,
    from: Math.max(range.from, within.from),
    to: Math.min(range.to, within.to),
  };
}

/** Orders ranges by slice, then by their first ordinal. */
export function compareRanges(a: PartitionRange, b: PartitionRange): number {
  if (a.slice !== b.slice) return a.slice < b.slice ? -1 : 1;
  return a.from - b.from;
}

/** The ordinals of `wanted` that no range of `present` covers, as ranges in order. */
export function missingFrom(wanted: PartitionRange, present: readonly PartitionRange[]): PartitionRange[] {
  const covering = present.filter((range) => overlaps(range, wanted)).sort((a, b) => a.from - b.from);
  const missing: PartitionRange[] = [];
  let next = wanted.from;
  for (const range of covering) {
    if (range.from > next) missing.push({ slice: wanted.slice, from: next, to: range.from });
    next = Math.max(next, range.to);
  }
  if (next < wanted.to) missing.push({ slice: wanted.slice, from: next, to: wanted.to });
  return missing;
}
