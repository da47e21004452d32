import { compareRanges, overlaps, type PartitionRange } from "./range.ts";

/** A set of partitions, as few ranges as there can be: what is done with it costs by its ranges, not its partitions. */
export class RangeSet {
  /** In order, apart from each other by at least one partition. */
  readonly ranges: readonly PartitionRange[];
  readonly count: number;

  private constructor(ranges: readonly PartitionRange[]) {
    this.ranges = ranges;
    this.count = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  static readonly empty: RangeSet = new RangeSet([]);

  /** Of ranges in whatever order, which may overlap. */
  static of(ranges: readonly PartitionRange[]): RangeSet {
    const joined: { slice: string; from: number; to: number }[] = [];
    for (const { slice, from, to } of inOrder(ranges)) {
      if (from >= to) continue;
      const last = joined.at(-1);
      if (last !== undefined && last.slice === slice && last.to >= from) last.to = Math.max(last.to, to);
      else joined.push({ slice, from, to });
    }
    return joined.length === 0 ? RangeSet.empty : new RangeSet(joined);
  }

  static ofOrdinals(ordinals: readonly number[]): RangeSet {
    return RangeSet.of(ordinals.map((from) => ({ slice: "", from, to: from + 1 })));
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  union(other: RangeSet): RangeSet {
    return RangeSet.of([...this.ranges, ...other.ranges]);
  }

  intersection(other: RangeSet): RangeSet {
    const common: PartitionRange[] = [];
    this.#walk(other, (range, within) => {
      common.push({
        slice: range.slice,
        from: Math.max(range.from, within.from),
        to: Math.min(range.to, within.to),
      });
    });
    return RangeSet.of(common);
  }

  difference(other: RangeSet): RangeSet {
    const rest: PartitionRange[] = [];
    let open: PartitionRange | undefined;
    let next = 0;
    const close = (): void => {
      if (open !== undefined && next < open.to) rest.push({ ...open, from: next });
    };
    for (const [range, taken] of this.#pairs(other)) {
      if (range !== open) {
        close();
        open = range;
        next = range.from;
      }
      if (taken === undefined) continue;
      if (taken.from > next) rest.push({ slice: range.slice, from: next, to: taken.from });
      next = Math.max(next, taken.to);
    }
    close();
    return RangeSet.of(rest);
  }

  has(ordinal: number, slice = ""): boolean {
    const at = firstReaching(this.ranges, (range) => range, { slice, from: ordinal, to: ordinal + 1 });
    const range = this.ranges[at];
    return range !== undefined && range.slice === slice && range.from <= ordinal;
  }

  /** Each of its partitions, in order. Only where as much work is done for each of them. */
  *ordinals(): Generator<number> {
    for (const { from, to } of this.ranges)
      for (let ordinal = from; ordinal < to; ordinal += 1) yield ordinal;
  }

  #walk(other: RangeSet, meet: (range: PartitionRange, other: PartitionRange) => void): void {
    for (const [range, met] of this.#pairs(other)) if (met !== undefined) meet(range, met);
  }

  /** Each range with each of the other set that it overlaps; with nothing, where it overlaps none. */
  *#pairs(other: RangeSet): Generator<readonly [PartitionRange, PartitionRange | undefined]> {
    let at = 0;
    for (const range of this.ranges) {
      for (; at < other.ranges.length; at += 1) {
        const one = other.ranges[at];
        if (one === undefined || compareRanges(one, range) > 0 || overlaps(one, range)) break;
      }
      let met = 0;
      for (let index = at; index < other.ranges.length; index += 1) {
        const one = other.ranges[index];
        if (one === undefined || !overlaps(one, range)) break;
        met += 1;
        yield [range, one];
      }
      if (met === 0) yield [range, undefined];
    }
  }
}

/** Where in a sorted list that does not overlap itself the first element lies that ends after a range begins. */
export function firstReaching<T>(
  sorted: readonly T[],
  rangeOf: (element: T) => PartitionRange,
  { slice, from }: PartitionRange,
): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = rangeOf(sorted[middle] as T);
    if (range.slice < slice || (range.slice === slice && range.to <= from)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Mostly they are in order already, which is cheaper to see than to sort. */
function inOrder(ranges: readonly PartitionRange[]): readonly PartitionRange[] {
  for (let index = 1; index < ranges.length; index += 1) {
    if (compareRanges(ranges[index - 1] as PartitionRange, ranges[index] as PartitionRange) > 0)
      return ranges.toSorted(compareRanges);
  }
  return ranges;
}
