import { rm, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Files that are removed at the same time: more only wait for one another. */
const atOnce = 16;

/** Removes files, and each one's folder when it is empty then. Gives the bytes of those there were. */
export async function removeFiles(paths: readonly string[], root: string): Promise<number> {
  const bytes = await summed(paths, removeFile);
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    // The folder of one version, in which nobody places anything any more.
    if (folder !== root) await rmdir(folder).catch(stillNeeded);
  }
  return bytes;
}

/** Of those that are there. */
export function bytesOf(paths: readonly string[]): Promise<number> {
  return summed(paths, sizeOf);
}

async function summed(paths: readonly string[], each: (path: string) => Promise<number>): Promise<number> {
  let bytes = 0;
  for (let from = 0; from < paths.length; from += atOnce) {
    for (const size of await Promise.all(paths.slice(from, from + atOnce).map(each))) bytes += size;
  }
  return bytes;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(absent))?.size ?? 0;
}

async function removeFile(path: string): Promise<number> {
  const size = await sizeOf(path);
  await rm(path, { force: true });
  return size;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}

function stillNeeded(error: NodeJS.ErrnoException): void {
  if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(error.code ?? "")) throw error;
}
