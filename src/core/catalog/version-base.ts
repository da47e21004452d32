import { missingFrom, type PartitionRange } from "../partition/range.ts";

/**
 * What a version goes on from that adds rows: its content is the base's and some new rows (N1). Without a version:
 * there was nothing, and the rows are the first.
 */
export interface VersionBase {
  readonly version?: string;
  /** Rows it had: those beyond them are new. */
  readonly rowCount?: number;
}

/** A part of a place, and what lies there; undefined where nothing does. */
interface Pointed {
  readonly range: PartitionRange;
  readonly versionId: string | undefined;
}

/**
 * Is what a version goes on from still what is current, in all of its place? Otherwise it would take away the rows that
 * have come since, or bring back those that a rollback took away.
 */
export function isBaseCurrent(
  { version }: VersionBase,
  place: PartitionRange,
  current: readonly Pointed[],
): boolean {
  const there = current.filter(({ versionId }) => versionId !== undefined);
  if (there.some(({ versionId }) => versionId !== version)) return false;
  const ranges = there.map(({ range }) => range);
  return version === undefined || missingFrom(place, ranges).length === 0;
}
