import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import { MillraceError } from "../core/errors.ts";
import type { ProjectCode } from "../ports/project-code.ts";
import type { CodeFolder } from "./code-folder.ts";
import { pinCode } from "./code-pin.ts";
import type { CodeVersions } from "./code-versions.ts";
import type { ModuleRecord } from "./module-record.ts";

interface Loaded extends Pick<CodeVersions, "manifestOf" | "texts"> {
  /** The config's. */
  readonly url: string;
  readonly root: string;
  readonly folder: CodeFolder;
  readonly modules: ModuleRecord;
  /** The code pin that it was loaded from. */
  readonly name: string | undefined;
}

/** Code that was loaded, and its folder. Commands that only look write nothing there. */
export function keptCode({ url, root, folder, modules, manifestOf, texts, name }: Loaded): ProjectCode {
  let pinned = name === undefined ? undefined : Promise.resolve(name);
  const save = (): Promise<string> => {
    const { pin, blobs } = pinCode(url, root, modules);
    return folder.savePin(pin, blobs);
  };
  return {
    manifestOf,
    text(digest) {
      const known = texts.get(digest);
      if (known !== undefined) return known;
      try {
        return folder.has(digest) ? folder.readBlob(digest).toString("utf8") : undefined;
      } catch (error) {
        // A damaged text is as good as none: it is only shown.
        if (error instanceof MillraceError) return undefined;
        throw error;
      }
    },
    async keep(assets) {
      pinned ??= save();
      const kept = await pinned;
      await folder.saveBlobs(textsOf(assets, manifestOf, texts));
      return kept;
    },
    collect: (inUse, graceMs, dryRun) => folder.collect(inUse, Date.now() - graceMs, dryRun),
  };
}

function textsOf(
  assets: Iterable<AssetDefinition>,
  manifestOf: CodeVersions["manifestOf"],
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  for (const asset of assets) {
    for (const digest of Object.values(manifestOf(asset).reached?.files ?? {})) {
      const text = texts.get(digest);
      if (text !== undefined) wanted.set(digest, text);
    }
  }
  return wanted;
}
