import { readFile } from "node:fs/promises";
import { firstFile, type VersionRecord } from "../../core/catalog/version.ts";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import { jsonDiff, type JsonChange } from "../../core/json-diff.ts";
import type { VersionStore } from "../../ports/table-engine.ts";

/** A place in a value that differs; the partition is absent for an asset without any. */
export interface ValueChange extends JsonChange {
  readonly partition: string | undefined;
}

/** What a place held before and after. */
interface VersionPair {
  readonly partition: string | undefined;
  readonly before: VersionRecord | undefined;
  readonly after: VersionRecord | undefined;
}

/** The first places in which values differ. @throws VERSION_CORRUPT */
export async function compareValues(
  key: string,
  pairs: readonly VersionPair[],
  most: number,
  store: VersionStore,
): Promise<readonly ValueChange[]> {
  const values: ValueChange[] = [];
  for (const { partition, before, after } of pairs) {
    if (values.length >= most) break;
    const changes = jsonDiff(await jsonOf(before, key, store), await jsonOf(after, key, store));
    values.push(...changes.map((change) => ({ partition, ...change })));
  }
  return values.slice(0, most);
}

async function jsonOf(
  version: VersionRecord | undefined,
  key: string,
  store: VersionStore,
): Promise<unknown> {
  const { location } = version ?? {};
  if (version === undefined || location === undefined) return undefined;
  try {
    const file = firstFile(location) ?? "";
    return JSON.parse("inline" in location ? location.inline : await readFile(store.path(file), "utf8"));
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    throw new MillraceError("VERSION_CORRUPT", { key, version: version.id, reason: reasonOf(error) });
  }
}
