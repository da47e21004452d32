import { existsSync } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { MillraceError } from "../core/errors.ts";
import type { PartitionRange } from "../core/partition/range.ts";
import type { VersionStore } from "../ports/table-engine.ts";
import { bytesOf, removeFiles } from "./remove-files.ts";
import { strayFiles } from "./stray-files.ts";
import { syncPath } from "./sync-path.ts";

export interface DirectoryStoreOptions {
  /** The directory that holds all versions; made when needed. */
  readonly root: string;
  /** Default: `directory`. */
  readonly name?: string;
}

/**
 * Versions in a local directory. Files are named relative to its root, `<asset>/<version id>/<range>.<extension>`, so
 * the directory may be moved as a whole.
 */
export function openDirectoryStore({ root: given, name = "directory" }: DirectoryStoreOptions): VersionStore {
  const root = resolve(given);

  const within = (file: string): string => {
    const path = resolve(root, file);
    const inside = relative(root, path);
    if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
      throw new MillraceError("INTERNAL", {
        reason: `the file name ${JSON.stringify(file)} leads out of the store`,
      });
    }
    return path;
  };
  const folder = (asset: string, versionId: string): string => {
    for (const segment of [...asset.split("/"), versionId]) {
      // Keys are checked when the project is loaded; a store that deletes folders checks once more.
      if (!/^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(segment)) {
        throw new MillraceError("INTERNAL", {
          reason: `${JSON.stringify(segment)} cannot be part of a stored version's path`,
        });
      }
    }
    return `${asset}/${versionId}`;
  };

  return {
    name,
    async place(asset, versionId, range, extension) {
      const file = `${folder(asset, versionId)}/${partName(range)}.${extension}`;
      const path = within(file);
      await makeDurably(dirname(path), root);
      return { file, path };
    },
    path(file) {
      const path = within(file);
      if (existsSync(path)) return path;
      const segments = file.split("/").slice(0, -1);
      const version = segments.pop() ?? "?";
      const key = segments.join("/");
      throw new MillraceError("VERSION_CORRUPT", { key, version, reason: `${file} is gone` });
    },
    async write(path, content) {
      const handle = await open(within(path), "wx");
      let bytes = 0;
      try {
        for await (const piece of content instanceof Uint8Array ? [content] : content) {
          await handle.writeFile(piece);
          bytes += piece.byteLength;
        }
        await handle.sync();
      } catch (thrown) {
        await rm(path, { force: true });
        throw thrown;
      } finally {
        await handle.close();
      }
      await syncPath(dirname(path));
      return bytes;
    },
    bytesOf: (files) => bytesOf(files.map(within)),
    removeFiles: (files) => removeFiles(files.map(within), root),
    strays: (living) => strayFiles(root, living),
    async remove(asset, versionId) {
      const path = within(folder(asset, versionId));
      // The asset's directory stays, even when empty: another version may be about to be placed there.
      await rm(path, { recursive: true, force: true });
    },
  };
}

function partName({ slice, from, to }: PartitionRange): string {
  const numbers = to === from + 1 ? String(from) : `${from}-${to}`;
  // A slice may hold any text; escaped it is one name of letters, digits and %.
  return slice === "" ? numbers : `${encodeURIComponent(slice).replaceAll(".", "%2E")}_${numbers}`;
}

/** Makes a directory and those above it such that they survive a loss of power. */
async function makeDurably(path: string, root: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let at = dirname(path); at.length >= dirname(first).length; at = dirname(at)) {
    await syncPath(at);
    if (at === root || at === dirname(at)) break;
  }
}
