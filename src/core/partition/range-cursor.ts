import type { PartitionRange } from "./range.ts";

/** Goes along a sorted list that does not overlap itself, together with others: what lies at a place, and how far. */
export class RangeCursor<T> {
  readonly #sorted: readonly T[];
  readonly #rangeOf: (element: T) => PartitionRange;
  #at = 0;

  constructor(sorted: readonly T[], rangeOf: (element: T) => PartitionRange) {
    this.#sorted = sorted;
    this.#rangeOf = rangeOf;
  }

  /** What lies at an ordinal, if anything does. Asked in order of slice and ordinal. */
  seek(slice: string, ordinal: number): T | undefined {
    for (; this.#at < this.#sorted.length; this.#at += 1) {
      const element = this.#sorted[this.#at] as T;
      const range = this.#rangeOf(element);
      if (range.slice < slice || (range.slice === slice && range.to <= ordinal)) continue;
      return range.slice === slice && range.from <= ordinal ? element : undefined;
    }
    return undefined;
  }

  /** The first place after the ordinal last asked for at which something begins or ends; `limit` where none does. */
  border(slice: string, ordinal: number, limit: number): number {
    const element = this.#sorted[this.#at];
    if (element === undefined) return limit;
    const range = this.#rangeOf(element);
    if (range.slice !== slice) return limit;
    return Math.min(range.from > ordinal ? range.from : range.to, limit);
  }
}
