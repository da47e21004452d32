import { fileOf } from "../../core/catalog/stored-rows.ts";
import { storedIn, type Location } from "../../core/catalog/version.ts";
import { nameOf } from "./doom-files.ts";

/** A version that goes, as it lies in state. */
export interface GoingVersion {
  readonly location: string | null;
  readonly bytes: number | null;
}

/**
 * Bytes that go with some versions: of the files that go, each once, however many of the versions have it, and of what
 * lies in state. A pack says how long it is. A version knows only how long its files are together, so those that have
 * few files are asked first: of what was added to them the rest is then known.
 *
 * @param going Names of the files that go
 */
export function freedBytes(versions: readonly GoingVersion[], going: ReadonlySet<string>): number {
  let inState = 0;
  const found: { readonly store: string; readonly stored: ReturnType<typeof storedIn>; bytes: number }[] = [];
  for (const { location, bytes } of versions) {
    const parsed = location === null ? undefined : (JSON.parse(location) as Location);
    if (parsed !== undefined && "files" in parsed)
      found.push({ store: parsed.store, stored: storedIn(parsed), bytes: bytes ?? 0 });
    else inState += bytes ?? 0;
  }
  const sizes = new Map<string, number>();
  for (const { store, stored, bytes } of found.sort((a, b) => a.stored.length - b.stored.length)) {
    const unknown: string[] = [];
    let rest = bytes;
    for (const rows of stored) {
      const name = nameOf({ store, file: fileOf(rows) });
      if (typeof rows !== "string") {
        sizes.set(name, rows.pack.bytes);
        rest -= rows.bytes;
      } else if (sizes.has(name)) rest -= sizes.get(name) ?? 0;
      else unknown.push(name);
    }
    for (const name of unknown) sizes.set(name, Math.max(0, rest) / unknown.length);
  }
  let inFiles = 0;
  for (const [name, size] of sizes) if (going.has(name)) inFiles += size;
  return inState + Math.round(inFiles);
}
