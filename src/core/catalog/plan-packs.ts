import type { Column } from "../column/column.ts";
import type { ReadablePart } from "./readable-part.ts";
import { joinedRows, type PackedRows } from "./stored-rows.ts";
import { storedIn, type VersionRecord } from "./version.ts";

export interface PackLimits {
  /** Bytes that a pack should have. A pack is closed when it has as many. */
  readonly targetBytes: number;
  /** Versions that a pack may hold: their locations are rewritten in one transaction. */
  readonly mostVersions: number;
}

export const packLimits: PackLimits = { targetBytes: 128 * 1024 * 1024, mostVersions: 5000 };

/** A version that can be packed: all that has to be known of it is. */
export interface PackablePart {
  readonly part: ReadablePart;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly bytes: number;
}

/** Versions that are read in one go: neighbours in one pack, or one version with its files. */
interface Stretch {
  readonly parts: PackablePart[];
  /** Its rows, where the next version may go on in the same pack. */
  packed: PackedRows | undefined;
  bytes: number;
  /** From how many places it is read. */
  readonly places: number;
}

/**
 * Which versions should lie in one file: neighbours, in the order in which they are read, that are read from several
 * small ones. A stretch is small below a quarter of the target, so what was packed once is packed again at most when
 * as small a neighbour has come; and after it has been done there is nothing to do. Only neighbours, so that the order in
 * which rows are read stays what it is.
 *
 * @param parts one asset's, in order
 */
export function planPacks(
  parts: readonly ReadablePart[],
  store: string,
  limits: PackLimits = packLimits,
): readonly (readonly PackablePart[])[] {
  const packs: (readonly PackablePart[])[] = [];
  let open: PackablePart[] = [];
  let [bytes, places] = [0, 0];
  const close = (): void => {
    if (places > 1) packs.push(open);
    [open, bytes, places] = [[], 0, 0];
  };
  for (const stretch of stretchesOf(parts, store)) {
    const small = stretch !== undefined && isSmall(stretch, limits);
    const full =
      bytes >= limits.targetBytes || open.length + (stretch?.parts.length ?? 0) > limits.mostVersions;
    if (!small || full || !isSameSchema(open[0], stretch.parts[0])) close();
    if (!small) continue;
    open.push(...stretch.parts);
    bytes += stretch.bytes;
    places += stretch.places;
  }
  close();
  return packs;
}

function isSmall({ bytes, parts }: Stretch, { targetBytes, mostVersions }: PackLimits): boolean {
  return bytes < targetBytes / 4 && parts.length <= mostVersions / 2;
}

/** Undefined for a version that has to stay where it is. */
function stretchesOf(parts: readonly ReadablePart[], store: string): readonly (Stretch | undefined)[] {
  const times = new Map<string, number>();
  for (const { version } of parts) times.set(version.id, (times.get(version.id) ?? 0) + 1);
  const stretches: (Stretch | undefined)[] = [];
  for (const part of parts) {
    // Of a version that is current in several places each reads all of it.
    const packable = times.get(part.version.id) === 1 ? packablePart(part, store) : undefined;
    const stored = storedIn(part.version.location);
    const last = stretches.at(-1);
    const joined = stored.length === 1 ? joinedRows(last?.packed, stored[0]) : undefined;
    if (packable === undefined) stretches.push(undefined);
    else if (last !== undefined && joined !== undefined) {
      last.parts.push(packable);
      last.packed = joined;
      last.bytes += packable.bytes;
    } else {
      const [only] = stored.length === 1 ? stored : [];
      const packed = typeof only === "object" ? only : undefined;
      stretches.push({ parts: [packable], packed, bytes: packable.bytes, places: stored.length });
    }
  }
  return stretches;
}

/** The name that the engine gives to the places of rows: a column of that name would hide it. */
const placeColumn = "file_row_number";

function packablePart(part: ReadablePart, store: string): PackablePart | undefined {
  const { kind, location, columns, rowCount, bytes }: VersionRecord = part.version;
  if (kind !== "table" || location === undefined || !("files" in location) || location.store !== store)
    return undefined;
  if (columns === undefined || rowCount === undefined || bytes === undefined) return undefined;
  if (columns.some(({ name }) => name.toLowerCase() === placeColumn)) return undefined;
  return { part, columns, rowCount, bytes };
}

function isSameSchema(one: PackablePart | undefined, other: PackablePart | undefined): boolean {
  if (one === undefined || other === undefined || one.columns === other.columns) return true;
  return JSON.stringify(one.columns) === JSON.stringify(other.columns);
}
