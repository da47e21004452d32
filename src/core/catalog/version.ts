import type { Column } from "../column/column.ts";
import type { Hold } from "./hold.ts";
import type { PartitionRange } from "../partition/range.ts";
import type { VersionBase } from "./version-base.ts";
import type { StoredMetadata } from "../metadata/metadata-value.ts";
import { fileOf, isSameRows, type StoredRows } from "./stored-rows.ts";

/**
 * Where a version's content lies, in that order. Opaque to everything but the store that wrote it (N1): names of files
 * are that store's own, and may change without a new version. An inline value (N7) is its canonical JSON.
 */
export type Location =
  | { readonly store: string; readonly files: readonly StoredRows[] }
  | { readonly inline: string };

/**
 * - `intended`: bytes may be under way (N2)
 * - `staged`: complete, seen by its own run only
 * - `published`: was made current
 * - `rejected`: failed a blocking check, or stood beside an output that did
 * - `superseded`: made from older inputs than the current version, or appended to what is no longer current (N15)
 * - `abandoned`: its run lost it; bytes may go
 */
export type VersionState = "intended" | "staged" | "published" | "rejected" | "superseded" | "abandoned";

/** One thing that a version was made from (N5). */
export interface VersionInput {
  readonly asset: string;
  /** Ranges that were read; absent: all of an unpartitioned or external asset. */
  readonly ranges?: readonly PartitionRange[];
  /** The snapshot it was read at. */
  readonly snapshot: number;
  /** Aggregate data version of what was read (for an external asset: the observed one). */
  readonly dataVersion: string;
}

/** One immutable output (N5). */
export interface VersionRecord {
  readonly id: string;
  readonly assetId: number;
  readonly spaceId: number;
  readonly range: PartitionRange;
  readonly state: VersionState;
  readonly runId: string;
  readonly step: string;
  readonly kind: "table" | "value" | "file";
  readonly createdAt: number;
  /** When it was first made current. */
  readonly publishedAt?: number;
  /** When its publish left it staged, because a rollback holds its place or that of what it was made from (N17). */
  readonly withheldAt?: number;
  /** Why it was rejected, superseded or left staged. */
  readonly stateReason?: string;
  /** From here on present once the version is staged. */
  readonly stagedAt?: number;
  readonly location?: Location;
  /** `algorithm:rows:sum₁:sum₂` for tables, `algorithm:digest` for values and files, `given:text` by an author (N3). */
  readonly dataVersion?: string;
  /** Columns of a table as they were written. */
  readonly columns?: readonly Column[];
  readonly rowCount?: number;
  readonly bytes?: number;
  readonly codeVersion?: string;
  /** Equal for equal config, secrets left out (N5). Absent where its code takes none. */
  readonly configHash?: string;
  /** The same of the data-affecting resources that its code worked with; absent where there are none. */
  readonly resourceHash?: string;
  readonly inputs?: readonly VersionInput[];
  /** What it goes on from: present where rows were added instead of replaced. */
  readonly base?: VersionBase;
  readonly metadata?: StoredMetadata;
}

/** What a location has in a store; nothing for a value that lies in state. */
export function storedIn(location: Location | undefined): readonly StoredRows[] {
  return location !== undefined && "files" in location ? location.files : [];
}

export function isSameLocation(one: Location | undefined, other: Location | undefined): boolean {
  const [stored, others] = [storedIn(one), storedIn(other)];
  return stored.length === others.length && stored.every((rows, index) => isSameRows(rows, others[index]));
}

/** The one file of a value or a file that lies in a store. */
export function firstFile(location: Location | undefined): string | undefined {
  const [first] = storedIn(location);
  return first === undefined ? undefined : fileOf(first);
}

/** When a version was complete; when it was begun, as long as it is not. Milliseconds since the epoch. */
export function madeAt({ stagedAt, createdAt }: VersionRecord): number {
  return stagedAt ?? createdAt;
}

/** A pointer of the catalog and what it points at: this range of this asset is this version. */
export interface CurrentVersion {
  /** The part of the version's range for which it is current. */
  readonly range: PartitionRange;
  readonly version: VersionRecord;
  /** Snapshot that made it current, and when. */
  readonly since: number;
  readonly publishedAt: number;
  /** Who keeps it there (N17); as it stands now, also when an older snapshot is read. */
  readonly hold?: Hold;
}
