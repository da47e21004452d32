import { readFileSync } from "node:fs";

/** The package's version. Its manifest lies above `src` in the repository, beside `app` in what is published. */
export function packageVersion(): string {
  for (const path of ["../package.json", "../../package.json"]) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
      if (typeof manifest === "object" && manifest !== null && "version" in manifest)
        return String(manifest.version);
    } catch {
      continue;
    }
  }
  return "unknown";
}
