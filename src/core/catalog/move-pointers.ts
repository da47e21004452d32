import { compareRanges, missingFrom, overlaps, type PartitionRange } from "../partition/range.ts";

interface Ranged {
  readonly range: PartitionRange;
}

/** What a publish does to the pointers of one asset. */
export interface PointerMoves<Pointer, Placed> {
  /** Pointers that end, in whole; what is left of them is in `remaining`. */
  readonly ended: readonly Pointer[];
  readonly remaining: readonly { readonly range: PartitionRange; readonly of: Pointer }[];
  readonly added: readonly { readonly range: PartitionRange; readonly of: Placed }[];
}

/**
 * Puts `placed` over the pointers that are open, which never overlap each other. Where two of `placed` overlap, the
 * later one wins. n log n: ten thousand partitions may be published at once.
 */
export function movePointers<Pointer extends Ranged, Placed extends Ranged>(
  open: readonly Pointer[],
  placed: readonly Placed[],
): PointerMoves<Pointer, Placed> {
  const added = disjoint(placed);
  const ended: Pointer[] = [];
  const remaining: { range: PartitionRange; of: Pointer }[] = [];
  const taken = added.map((piece) => piece.range);
  let next = 0;
  for (const pointer of [...open].sort((a, b) => compareRanges(a.range, b.range))) {
    while (next < taken.length && liesBefore(taken[next], pointer.range)) next += 1;
    const over: PartitionRange[] = [];
    for (let at = next; at < taken.length; at += 1) {
      const range = taken[at];
      if (range === undefined || !overlaps(range, pointer.range)) break;
      over.push(range);
    }
    if (over.length === 0) continue;
    ended.push(pointer);
    for (const range of missingFrom(pointer.range, over)) remaining.push({ range, of: pointer });
  }
  return { ended, remaining, added };
}

/** Cuts pieces so that none overlap, in order of range. */
function disjoint<Placed extends Ranged>(placed: readonly Placed[]): { range: PartitionRange; of: Placed }[] {
  const pieces = placed.map((of) => ({ range: of.range, of }));
  const sorted = pieces.toSorted((a, b) => compareRanges(a.range, b.range));
  const clash = sorted.some(
    (piece, index) => index > 0 && overlaps(piece.range, (sorted[index - 1] ?? piece).range),
  );
  if (!clash) return sorted;
  const kept: { range: PartitionRange; of: Placed }[] = [];
  for (const piece of pieces.toReversed()) {
    const present = kept.map((later) => later.range);
    for (const range of missingFrom(piece.range, present)) kept.push({ range, of: piece.of });
  }
  return kept.sort((a, b) => compareRanges(a.range, b.range));
}

function liesBefore(a: PartitionRange | undefined, b: PartitionRange): boolean {
  if (a === undefined) return false;
  return a.slice < b.slice || (a.slice === b.slice && a.to <= b.from);
}
