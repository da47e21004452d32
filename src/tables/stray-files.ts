import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { StrayFile } from "../ports/table-engine.ts";

/** What a version's id looks like. A folder of another name may be an asset's, or nothing of ours. */
const versionId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Ids that are asked about at once. */
const atOnce = 1000;

/**
 * Walks through a store's folder. Folders of living versions are not opened: what costs is a name for each version and
 * a look into those that are not living.
 */
export async function* strayFiles(
  root: string,
  living: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
  under = "",
): AsyncGenerator<StrayFile> {
  const entries = (await list(join(root, under))).filter((entry) => entry.isDirectory());
  const versions = entries.filter(({ name }) => under !== "" && versionId.test(name));
  for (let from = 0; from < versions.length; from += atOnce) {
    const names = versions.slice(from, from + atOnce).map(({ name }) => name);
    const alive = await living(names);
    for (const name of names) if (!alive.has(name)) yield* filesIn(root, `${under}${name}`);
  }
  for (const { name } of entries) {
    if (!versionId.test(name)) yield* strayFiles(root, living, `${under}${name}/`);
  }
}

async function* filesIn(root: string, folder: string): AsyncGenerator<StrayFile> {
  for (const entry of await list(join(root, folder))) {
    if (!entry.isFile()) continue;
    const file = `${folder}/${entry.name}`;
    const found = await stat(join(root, file)).catch(() => undefined);
    if (found !== undefined) yield { file, bytes: found.size, modifiedAt: found.mtimeMs };
  }
}

/** Nothing where there is no folder: it may have gone since its name was read. */
async function list(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
