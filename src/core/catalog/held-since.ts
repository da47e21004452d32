import { compareRanges, cutTo, missingFrom, overlaps, type PartitionRange } from "../partition/range.ts";
import type { Hold } from "./hold.ts";

/** A part of a range, and since when it has been held without a break: milliseconds since the epoch. */
export interface HeldPart {
  readonly range: PartitionRange;
  readonly since: number;
}

/**
 * Since when each part of a range will have been held if it is held from now on: a hold that is there already goes on, so
 * that what waits because of it goes on waiting (N17). In order; `over` does not overlap itself.
 */
export function heldSince(
  range: PartitionRange,
  over: readonly { readonly range: PartitionRange; readonly hold: Hold | undefined }[],
  now: number,
): readonly HeldPart[] {
  const held = over.flatMap(({ range: other, hold }): HeldPart[] =>
    hold === undefined || !overlaps(other, range) ? [] : [{ range: cutTo(other, range), since: hold.at }],
  );
  const free = missingFrom(
    range,
    held.map((part) => part.range),
  ).map((part): HeldPart => ({ range: part, since: now }));
  const parts: HeldPart[] = [];
  for (const part of [...held, ...free].sort((a, b) => compareRanges(a.range, b.range))) {
    const last = parts.at(-1);
    if (last !== undefined && last.since === part.since && last.range.to === part.range.from)
      parts[parts.length - 1] = { ...last, range: { ...last.range, to: part.range.to } };
    else parts.push(part);
  }
  return parts;
}
