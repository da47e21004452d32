import type { PartitionRange } from "../partition/range.ts";
import type { PartitionSpace } from "../partition/space.ts";
import type { VersionPiece } from "./catalog-view.ts";
import type { VersionRecord } from "./version.ts";

/** A version as somebody reads it: which partition it is, under its name. */
export interface ReadablePart {
  readonly range: PartitionRange;
  /** Name of the (first) partition; absent for an unpartitioned asset. */
  readonly partition?: string;
  readonly version: VersionRecord;
}

export function readableParts(
  pieces: readonly VersionPiece[],
  space: PartitionSpace,
): readonly ReadablePart[] {
  return pieces.map(({ range, version }) => {
    const partition = space.keyOf(range.from);
    return partition === undefined ? { range, version } : { range, version, partition };
  });
}
