import { readFile } from "node:fs/promises";
import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { MillraceError } from "../../core/errors.ts";

/** Loaded models and the like, kept per file: the newest few, since a version that was replaced is soon not read again. */
export class LoadedFiles {
  readonly #kept = new Map<string, Promise<unknown>>();
  readonly #most: number;

  constructor(most = 16) {
    this.#most = most;
  }

  get(key: string, load: () => Promise<unknown>): Promise<unknown> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const loading = load();
    this.#kept.set(key, loading);
    // What failed is tried again by the next reader.
    loading.catch(() => this.#kept.delete(key));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(oldest);
    }
    return loading;
  }
}

/** Behind a FileHandle: the bytes of one version. */
export class FileContent {
  readonly dataVersion: string;
  readonly #path: () => string;
  readonly #asset: AssetDefinition;
  readonly #loaded: LoadedFiles | undefined;

  constructor(of: {
    path: () => string;
    dataVersion: string;
    asset: AssetDefinition;
    /** Absent: loaded anew each time. */
    loaded?: LoadedFiles;
  }) {
    this.dataVersion = of.dataVersion;
    this.#path = of.path;
    this.#asset = of.asset;
    this.#loaded = of.loaded;
  }

  async path(): Promise<string> {
    return this.#path();
  }

  async bytes(): Promise<Uint8Array> {
    return readFile(this.#path());
  }

  async text(): Promise<string> {
    return readFile(this.#path(), "utf8");
  }

  async load(): Promise<unknown> {
    const load = this.#asset.file?.load;
    if (load === undefined) {
      const reason = "its file type has no load function, so load() gives nothing; read text() or bytes()";
      throw new MillraceError("INVALID_OPTION", { what: "asset", key: this.#asset.key, reason });
    }
    const path = this.#path();
    const read = async (): Promise<unknown> =>
      load({ path, bytes: () => readFile(path), text: () => readFile(path, "utf8") });
    return this.#loaded === undefined ? read() : this.#loaded.get(path, read);
  }
}
