import { existsSync, readFileSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { MillraceError } from "../core/errors.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import type { CodePin } from "./code-pin.ts";
import { digest } from "./digest.ts";

/** Writing many small files waits for the disk, not for the processor. */
const writersAtOnce = 16;

/**
 * A content-addressed folder of code (N9): `blobs/` by digest, and in `pins/` what one load was made of. Nothing in it
 * is ever changed; a pin is written after all that it names, so that whoever finds it finds everything.
 */
export class CodeFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Stores a load's code, durably. One that is there already costs a look. @returns the pin's name */
  async savePin(pin: CodePin, blobs: ReadonlyMap<string, string | Uint8Array>): Promise<string> {
    const text = canonicalJson(pin);
    const name = digest(text);
    const path = this.#pinPath(name);
    if (await isThere(path, Buffer.byteLength(text))) {
      // Being in use keeps it from being collected.
      await utimes(path, new Date(), new Date());
      return name;
    }
    await this.saveBlobs(blobs);
    await mkdir(join(this.root, "pins"), { recursive: true });
    await writeDurably(path, text);
    await syncFolder(join(this.root, "pins"));
    return name;
  }

  /** Stores contents under their digests; those that are there already are left alone. */
  async saveBlobs(blobs: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
    const folder = join(this.root, "blobs");
    await mkdir(folder, { recursive: true });
    const waiting = [...blobs];
    let written = 0;
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const [name, content] = next;
        if (await isThere(this.#blobPath(name), Buffer.byteLength(content))) continue;
        await writeDurably(this.#blobPath(name), content);
        written += 1;
      }
    };
    await Promise.all(Array.from({ length: writersAtOnce }, work));
    if (written > 0) await syncFolder(folder);
  }

  /** @throws CODE_GONE, CODE_DAMAGED */
  readPin(name: string): CodePin {
    const text = this.#read(this.#pinPath(name), name);
    return JSON.parse(text.toString("utf8")) as CodePin;
  }

  /** @throws CODE_GONE, CODE_DAMAGED */
  readBlob(name: string): Buffer {
    return this.#read(this.#blobPath(name), name);
  }

  has(blob: string): boolean {
    return existsSync(this.#blobPath(blob));
  }

  /**
   * Removes pins and blobs older than `before` (milliseconds since the epoch), except those in use and what those name.
   * Pins go before the blobs that they name.
   */
  async collect(
    inUse: { readonly pins: ReadonlySet<string>; readonly texts: ReadonlySet<string> },
    before: number,
    dryRun: boolean,
  ): Promise<{ readonly pins: number; readonly texts: number }> {
    const kept = new Set(inUse.texts);
    const unused: string[] = [];
    for (const { path, name, changedAt } of await listFiles(join(this.root, "pins"))) {
      const pin = name.replace(/\.json$/, "");
      if (inUse.pins.has(pin) || changedAt >= before) {
        // A pin that is being written names nothing yet that it would keep: its blobs are as young.
        if (name.endsWith(".json")) for (const blob of this.#namedBy(pin)) kept.add(blob);
      } else unused.push(path);
    }
    const blobs = await listFiles(join(this.root, "blobs"));
    const texts = blobs.filter(({ name, changedAt }) => !kept.has(name) && changedAt < before);
    if (!dryRun)
      for (const path of [...unused, ...texts.map((blob) => blob.path)]) await rm(path, { force: true });
    return { pins: unused.length, texts: texts.length };
  }

  /** A damaged pin keeps nothing: it cannot be loaded. */
  #namedBy(pin: string): readonly string[] {
    try {
      return Object.values(this.readPin(pin).files).map(({ blob }) => blob);
    } catch {
      return [];
    }
  }

  #pinPath(name: string): string {
    return join(this.root, "pins", `${name}.json`);
  }

  #blobPath(name: string): string {
    return join(this.root, "blobs", name);
  }

  #read(path: string, name: string): Buffer {
    let content: Buffer;
    try {
      content = readFileSync(path);
    } catch (error) {
      throw new MillraceError("CODE_GONE", { name, folder: this.root }, { cause: error });
    }
    if (digest(content) !== name) throw new MillraceError("CODE_DAMAGED", { path });
    return content;
  }
}

async function isThere(path: string, size: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.size === size;
}

/** Whole or not at all: it gets its name only once its content is on the disk. */
async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  const file = await open(temporary, "w");
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined);
  // Windows has no folders to sync, and syncs renames by itself.
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

async function listFiles(
  folder: string,
): Promise<readonly { readonly path: string; readonly name: string; readonly changedAt: number }[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another process may collect too.
      const stats = await stat(path).catch(() => undefined);
      return stats === undefined ? [] : [{ path, name, changedAt: stats.mtimeMs }];
    }),
  );
  return found.flat();
}
