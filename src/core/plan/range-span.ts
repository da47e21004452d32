import { firstFew } from "../first-few.ts";
import type { RangeSet } from "../partition/range-set.ts";
import type { PartitionSpace } from "../partition/space.ts";

/** Neighbours as a stretch: "2001-01 to 2001-03, 2001-06, 4 partitions". */
export function rangeSpan({ ranges, count }: RangeSet, space: PartitionSpace): string {
  const name = (ordinal: number): string => space.keyOf(ordinal) ?? String(ordinal);
  // Of those that are only counted, any name will do.
  const names = ranges.map(({ from, to }, index) => {
    if (index >= namedAtMost) return "";
    return to - from === 1 ? name(from) : `${name(from)} to ${name(to - 1)}`;
  });
  return count === 1 ? firstFew(names) : `${firstFew(names)}, ${count} partitions`;
}

/** As many as `firstFew` may name, and more. */
const namedAtMost = 10;

/** The first few names of a set, and how many more there are. */
export function rangeNames(set: RangeSet, space: PartitionSpace): string {
  const names: string[] = [];
  for (const ordinal of set.ordinals()) {
    if (names.length >= namedAtMost) break;
    names.push(space.keyOf(ordinal) ?? String(ordinal));
  }
  return firstFew(names, set.count);
}
