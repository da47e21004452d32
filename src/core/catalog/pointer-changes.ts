import { Overlaps } from "../partition/overlaps.ts";
import { compareRanges, overlaps, type PartitionRange } from "../partition/range.ts";

/** A range and what it points at; undefined: at nothing, on purpose. */
export interface PointedRange {
  readonly range: PartitionRange;
  readonly versionId: string | undefined;
}

/** A range that is to point elsewhere. */
export interface PointerChange {
  readonly range: PartitionRange;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export interface ChangeOptions {
  /** Only within these; everywhere when absent. */
  readonly within?: readonly PartitionRange[] | undefined;
  /** End what `target` has nothing for; else it is left alone. */
  readonly emptying: boolean;
}

/**
 * What has to change so that `open` becomes `target`: the stretches in which they differ, in order. Neither list
 * overlaps itself. n log n, also for a million partitions.
 */
export function changesTo(
  open: readonly PointedRange[],
  target: readonly PointedRange[],
  { within, emptying }: ChangeOptions,
): readonly PointerChange[] {
  const now = new Cover(open);
  const then = new Cover(target);
  const wanted = within === undefined ? undefined : new Cover(within.map((range) => ({ range })));
  const changes: PointerChange[] = [];
  for (const range of stretches([...open, ...target, ...(within ?? []).map((one) => ({ range: one }))])) {
    if (wanted !== undefined && wanted.at(range) === undefined) continue;
    const [before, after] = [now.at(range), then.at(range)];
    if (before === undefined && after === undefined) continue;
    if (after === undefined && !emptying) continue;
    const [from, to] = [before?.versionId, after?.versionId];
    if (from === to) continue;
    const last = changes.at(-1);
    const goesOn =
      last !== undefined &&
      last.range.slice === range.slice &&
      last.range.to === range.from &&
      last.from === from &&
      last.to === to;
    if (goesOn) changes[changes.length - 1] = { ...last, range: { ...last.range, to: range.to } };
    else changes.push({ range, from, to });
  }
  return changes;
}

/** What a place pointed at once. */
export interface FormerPointer {
  readonly range: PartitionRange;
  readonly versionId: string;
  /** In which versions were made: an earlier one has a lower number. */
  readonly sequence: number;
}

/**
 * For each place the newest version that was current there and is older than the one that is now. So going back again
 * goes further back, and never forth to what was left.
 */
export function earlierVersions(
  open: readonly { readonly range: PartitionRange; readonly sequence: number | undefined }[],
  past: readonly FormerPointer[],
): readonly PointedRange[] {
  const former = new Overlaps(past);
  return open.flatMap((pointer): PointedRange[] => {
    const older = former
      .over(pointer.range)
      .filter((one) => pointer.sequence === undefined || one.sequence < pointer.sequence);
    return stretches([pointer, ...older])
      .filter((range) => overlaps(range, pointer.range))
      .flatMap((range): PointedRange[] => {
        const newest = older
          .filter((one) => overlaps(one.range, range))
          .reduce<FormerPointer | undefined>(
            (best, one) => (best === undefined || one.sequence > best.sequence ? one : best),
            undefined,
          );
        return newest === undefined ? [] : [{ range, versionId: newest.versionId }];
      });
  });
}

/** The ranges between all borders of the given ones, in order; gaps among them. */
function stretches(ranges: readonly { readonly range: PartitionRange }[]): readonly PartitionRange[] {
  const bySlice = Map.groupBy(ranges, ({ range }) => range.slice);
  return [...bySlice]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([slice, own]) => {
      const borders = [...new Set(own.flatMap(({ range }) => [range.from, range.to]))].sort((a, b) => a - b);
      return borders.slice(1).map((to, index) => ({ slice, from: borders[index] ?? to, to }));
    });
}

/** Ranges that do not overlap, asked for in order: each question goes on from where the last one ended. */
class Cover<R extends { readonly range: PartitionRange }> {
  readonly #sorted: readonly R[];
  #next = 0;

  constructor(ranges: readonly R[]) {
    this.#sorted = ranges.toSorted((a, b) => compareRanges(a.range, b.range));
  }

  at(range: PartitionRange): R | undefined {
    for (; this.#next < this.#sorted.length; this.#next += 1) {
      const one = this.#sorted[this.#next];
      if (one === undefined || overlaps(one.range, range)) return one;
      if (compareRanges(one.range, range) > 0) return undefined;
    }
    return undefined;
  }
}
