import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { algorithmOf } from "../../core/catalog/data-version-algorithm.ts";
import type { ReadablePart } from "../../core/catalog/readable-part.ts";
import { fileOf } from "../../core/catalog/stored-rows.ts";
import { isSameLocation, storedIn } from "../../core/catalog/version.ts";
import type { ControlContext } from "../control-context.ts";
import { tableParts } from "../../ports/table-parts.ts";
import { MillraceError } from "../../core/errors.ts";
import type { TableEngine, VersionStore } from "../../ports/table-engine.ts";

/** What is needed to read content. */
export interface ContentReading {
  readonly tables: TableEngine;
  readonly store: VersionStore;
}

/**
 * Reads all of a version and compares it with what was written. Gives what is wrong with it; undefined when all is well.
 * What has come to lie elsewhere since its location was read (N1) is read there: its files of before may be gone.
 */
export async function verifyVersion(
  key: string,
  part: ReadablePart,
  reading: ContentReading,
  { state }: Pick<ControlContext, "state">,
): Promise<string | undefined> {
  const wrong = await wrongWith(key, part, reading);
  if (wrong === undefined) return undefined;
  const version = await state.catalog.version(part.version.id);
  if (version?.location === undefined || isSameLocation(version.location, part.version.location))
    return wrong;
  return verifyVersion(key, { ...part, version }, reading, { state });
}

async function wrongWith(
  key: string,
  part: ReadablePart,
  reading: ContentReading,
): Promise<string | undefined> {
  try {
    return part.version.kind === "table"
      ? await verifyTable(key, part, reading)
      : await verifyBytes(part, reading);
  } catch (error) {
    if (error instanceof MillraceError && error.code === "VERSION_CORRUPT")
      return String(error.details["reason"]);
    throw error;
  }
}

async function verifyTable(
  key: string,
  part: ReadablePart,
  { tables, store }: ContentReading,
): Promise<string | undefined> {
  const { version } = part;
  const { location, columns, dataVersion = "", rowCount, id } = version;
  const stored = storedIn(location);
  if (stored.length === 0 || columns === undefined) return "it has no files";
  const parts = tableParts({ parts: [part], columns }, store);
  const found = await tables.audit({ source: { key, columns, parts, id }, rules: [] });
  const named = stored.map(fileOf).join(", ");
  if (rowCount !== undefined && found.rowCount !== rowCount)
    return `${named}: ${found.rowCount} rows are there, and ${rowCount} were written`;
  // Another version of the engine hashes otherwise; the author's own data version says nothing of the bytes.
  const comparable = algorithmOf(found.dataVersion) === algorithmOf(dataVersion);
  return comparable && found.dataVersion !== dataVersion
    ? `${named}: the rows are not those that were written`
    : undefined;
}

async function verifyBytes(
  { version }: ReadablePart,
  { store }: ContentReading,
): Promise<string | undefined> {
  const { location, dataVersion = "" } = version;
  if (location === undefined) return "it has no content";
  const hash = createHash("sha256");
  const files = storedIn(location).map(fileOf);
  const shown = "inline" in location ? "the value" : files.join(", ");
  if ("inline" in location) hash.update(location.inline);
  else
    for (const file of files)
      for await (const chunk of createReadStream(store.path(file))) hash.update(chunk as Uint8Array);
  if (algorithmOf(dataVersion) !== "sha256") return undefined;
  return dataVersion === `sha256:${hash.digest("hex")}`
    ? undefined
    : `${shown}: the bytes are not those that were written`;
}
