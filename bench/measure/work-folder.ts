import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../.tmp/", import.meta.url));

/** A folder on the disk that the repository lies on (a temporary folder may be memory, where an fsync costs nothing). */
export class WorkFolder implements Disposable {
  readonly path: string;
  #made = 0;

  constructor() {
    mkdirSync(root, { recursive: true });
    this.path = mkdtempSync(join(root, "work-"));
  }

  /** A folder in it that was never used. */
  fresh(): string {
    const path = join(this.path, String((this.#made += 1)));
    mkdirSync(path);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
