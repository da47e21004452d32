import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import { algorithmOf } from "../../core/catalog/data-version-algorithm.ts";
import { firstFile, storedIn, type Location, type VersionRecord } from "../../core/catalog/version.ts";
import type { Column } from "../../core/column/column.ts";
import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { tableParts } from "../../ports/table-parts.ts";
import type { Attempt } from "../execution.ts";
import { isThere } from "./is-there.ts";
import type { MadeVersion } from "./made-version.ts";

/**
 * A version that equals the current one keeps the old content: bytes, order and answers stay the same (N4). What was
 * written anew goes.
 */
export async function keepEqual(
  made: MadeVersion,
  asset: AssetDefinition,
  { step, execution, signal }: Attempt,
): Promise<MadeVersion> {
  const { options, view } = execution;
  const previous = view.exactly(knownAsset(options.known, asset), step.range)?.version;
  if (previous?.location === undefined) return made;
  const same =
    equal(previous, made.version) || (await equalRows(previous, made.version, asset.key, options, signal));
  // What is damaged is made good by the new bytes.
  if (!same || !(await isThere(previous, options.store))) return made;
  const { location, dataVersion, rowCount, bytes = made.version.bytes } = previous;
  if ("files" in made.version.location) await options.store.remove(asset.key, made.version.id);
  const told = {
    ...(rowCount === undefined ? {} : { rowCount }),
    ...(dataVersion === undefined ? {} : { dataVersion }),
  };
  return { ...made, version: { ...made.version, ...told, location, bytes } };
}

/**
 * Another version of the engine hashes otherwise, and that is no change (N3): then the old rows are hashed anew, and
 * where they are equal, the data version that readers know them by stays.
 */
async function equalRows(
  previous: VersionRecord,
  made: MadeVersion["version"],
  key: string,
  { tables, store }: Attempt["execution"]["options"],
  signal: AbortSignal,
): Promise<boolean> {
  const { kind, dataVersion, columns, rowCount } = previous;
  if (kind !== "table" || made.kind !== kind || dataVersion === undefined || columns === undefined)
    return false;
  if (storedIn(previous.location).length === 0) return false;
  const algorithms = [algorithmOf(dataVersion), algorithmOf(made.dataVersion)];
  if (algorithms[0] === algorithms[1] || algorithms.includes("given")) return false;
  if (rowCount !== made.rowCount || !alike(columns, made.columns)) return false;
  try {
    const parts = tableParts({ parts: [{ version: previous }], columns }, store);
    const source = { key, columns, parts, id: previous.id };
    return (await tables.audit({ source, rules: [], signal })).dataVersion === made.dataVersion;
  } catch (error) {
    // What is damaged is no longer what it was.
    if (error instanceof MillraceError && error.code === "VERSION_CORRUPT") return false;
    throw error;
  }
}

function equal(
  previous: VersionRecord,
  { kind, dataVersion, columns, location }: MadeVersion["version"],
): boolean {
  if (previous.kind !== kind || previous.dataVersion !== dataVersion) return false;
  // What loads a file may go by the end of its name.
  if (kind === "file") return endOfName(previous.location) === endOfName(location);
  return alike(previous.columns, columns);
}

/** Columns are JSON, so those of state and those of the code compare by their text, whatever the order of keys. */
function alike(one: readonly Column[] | undefined, other: readonly Column[] | undefined): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null);
}

function endOfName(location: Location | undefined): string | undefined {
  const file = firstFile(location);
  return file?.slice(file.lastIndexOf(".") + 1);
}
