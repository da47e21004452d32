/**
 * What a version has in a store: a whole file, or some rows of a pack. The names of files are the store's own.
 */
export type StoredRows = string | PackedRows;

/**
 * Rows of a version within a pack: a file in which the rows of several versions lie one after another (compaction, N1).
 * Rows are counted from 0 in the order in which they lie in the file.
 */
export interface PackedRows {
  readonly file: string;
  /** The first one, and the first that is no longer meant. Equal when the version has no rows. */
  readonly from: number;
  readonly to: number;
  /** What these rows count for among the version's bytes: as many as they were before they were packed. */
  readonly bytes: number;
  /** All of the file. */
  readonly pack: { readonly rows: number; readonly bytes: number };
}

export function fileOf(stored: StoredRows): string {
  return typeof stored === "string" ? stored : stored.file;
}

export function isSameRows(one: StoredRows, other: StoredRows | undefined): boolean {
  if (typeof one === "string" || typeof other === "string" || other === undefined) return one === other;
  return one.file === other.file && one.from === other.from && one.to === other.to;
}

/** Rows of the two together, when the second goes on in the same pack where the first ends. */
export function joinedRows(
  first: PackedRows | undefined,
  second: StoredRows | undefined,
): PackedRows | undefined {
  if (first === undefined || second === undefined || typeof second === "string") return undefined;
  if (first.file !== second.file || first.to !== second.from) return undefined;
  return { ...first, to: second.to, bytes: first.bytes + second.bytes };
}

/** All that the pack holds. */
export function isWholePack({ from, to, pack }: PackedRows): boolean {
  return from === 0 && to === pack.rows;
}
