import type { ReadablePart } from "../core/catalog/readable-part.ts";
import { isWholePack, joinedRows, type PackedRows, type StoredRows } from "../core/catalog/stored-rows.ts";
import { storedIn, type VersionRecord } from "../core/catalog/version.ts";
import type { Column } from "../core/column/column.ts";
import type { TablePart, VersionStore } from "./table-engine.ts";

/** Versions of a table, in the order in which their rows are read. */
export interface TableVersions {
  readonly parts: readonly Pick<ReadablePart, "version" | "partition">[];
  /** Of versions that have not recorded theirs. */
  readonly columns: readonly Column[];
}

/** Whole files of one version, or rows of a pack that may go on from version to version. */
type Stretch = {
  readonly first: Pick<ReadablePart, "version" | "partition">;
  readonly columns: readonly Column[];
} & (
  | { readonly files: readonly string[]; readonly bytes: number | undefined }
  | { readonly packed: PackedRows }
);

/**
 * Versions as an engine reads them. Neighbours in one pack are read as one, and a pack of which everything is wanted like
 * any other file: ten thousand partitions in five packs are five files.
 *
 * @throws VERSION_CORRUPT when a file is gone
 */
export function tableParts(
  { parts, columns }: TableVersions,
  store: Pick<VersionStore, "path">,
): readonly TablePart[] {
  const stretches: Stretch[] = [];
  for (const first of parts) {
    const { version } = first;
    const about = { first, columns: version.columns ?? columns };
    for (const run of runsOf(version)) {
      const last = stretches.at(-1);
      const joined = last !== undefined && "packed" in last ? joinedRows(last.packed, run.packed) : undefined;
      if (last !== undefined && joined !== undefined)
        stretches[stretches.length - 1] = { ...last, packed: joined };
      else stretches.push(run.packed === undefined ? { ...about, ...run } : { ...about, packed: run.packed });
    }
  }
  return stretches.map((stretch) => tablePart(stretch, store));
}

/** How versions lie of which some were packed. */
export interface PackedLayout {
  /** Equal for equal layouts. */
  readonly text: string;
  /** Rows of a pack are read without its others: in several scans, and no longer in one. */
  readonly isCut: boolean;
}

/** Undefined where every version has files of its own, as it was made. */
export function layoutOf(versions: TableVersions): PackedLayout | undefined {
  const isPacked = versions.parts.some(({ version }) =>
    storedIn(version.location).some((rows) => typeof rows !== "string"),
  );
  if (!isPacked) return undefined;
  const parts = tableParts(versions, { path: (file) => file });
  const places = parts.map((part) =>
    part.part === "rows" ? [part.file, part.from, part.to] : part.part === "files" && part.files,
  );
  return { text: JSON.stringify(places), isCut: parts.some(({ part }) => part === "rows") };
}

type Run =
  | { readonly files: readonly string[]; readonly bytes: number | undefined; readonly packed?: undefined }
  | { readonly packed: PackedRows };

/** What a version has, neighbouring whole files as one. */
function runsOf({ location, bytes }: VersionRecord): readonly Run[] {
  const stored = storedIn(location);
  const runs: ({ files: string[] } | { packed: PackedRows })[] = [];
  for (const rows of stored) {
    const last = runs.at(-1);
    if (typeof rows !== "string") runs.push({ packed: rows });
    else if (last !== undefined && "files" in last) last.files.push(rows);
    else runs.push({ files: [rows] });
  }
  // How long the files are together is known as long as they are in one place.
  const known = runs.filter((run) => "files" in run).length === 1 ? bytes : undefined;
  const own = known === undefined ? undefined : known - packedBytes(stored);
  return runs.map((run) => ("files" in run ? { ...run, bytes: own } : run));
}

function packedBytes(stored: readonly StoredRows[]): number {
  return stored.reduce((sum, rows) => sum + (typeof rows === "string" ? 0 : rows.bytes), 0);
}

function tablePart(stretch: Stretch, store: Pick<VersionStore, "path">): TablePart {
  const { first, columns } = stretch;
  const { version, partition } = first;
  const named = { version: version.id, ...(partition === undefined ? {} : { partition }) };
  if ("files" in stretch) {
    const { bytes } = stretch;
    const files = stretch.files.map((file) => store.path(file));
    return { part: "files", files, columns, of: { ...named, ...(bytes === undefined ? {} : { bytes }) } };
  }
  const { from, to, pack, file } = stretch.packed;
  const of = { ...named, bytes: pack.bytes };
  const path = store.path(file);
  return isWholePack(stretch.packed)
    ? { part: "files", files: [path], columns, of }
    : { part: "rows", file: path, from, to, columns, of };
}
