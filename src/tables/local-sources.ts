import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { sourceFile, type AssetDefinition } from "../core/asset/asset-definition.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import { MillraceError } from "../core/errors.ts";
import type { ExternalSources, Observed } from "../ports/external-sources.ts";

/** External assets that are files of this machine. */
export function localSources(directory: string): ExternalSources {
  const seen = new Map<string, Observed>();
  const path = (asset: AssetDefinition): string => {
    const source = sourceFile(asset)?.path ?? "";
    const found = resolvePath(source, directory);
    if (found === undefined || !existsSync(found)) {
      const place = { asset: asset.key, ...asset.site.place };
      throw new MillraceError("EXTERNAL_MISSING", { key: asset.key, path: source }, { place });
    }
    return found;
  };
  return {
    path,
    async observe(asset, known) {
      const file = path(asset);
      const { size, mtimeMs, ino } = await stat(file);
      const mark = canonicalJson({ size, modified: mtimeMs, inode: ino });
      const same = [known, seen.get(file)].find((observed) => observed?.mark === mark);
      const observed = same ?? { mark, dataVersion: await hashFile(file) };
      seen.set(file, observed);
      return observed;
    },
  };
}

function resolvePath(source: string, directory: string): string | undefined {
  const [, name, rest] = /^package:((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(source) ?? [];
  if (name === undefined || rest === undefined) return resolve(directory, source);
  try {
    const manifest = findPackageJSON(name, pathToFileURL(join(directory, "millrace.config.ts")));
    return manifest === undefined ? undefined : join(dirname(manifest), rest);
  } catch {
    return undefined;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return `sha256:${hash.digest("hex")}`;
}
