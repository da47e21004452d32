import type { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import type { StoredMetadata } from "../metadata/metadata-value.ts";
import { storeMetadata } from "../metadata/store-metadata.ts";

const nothingKept: StoredMetadata = Object.freeze({});

/** Metadata of a definition as it is kept. Each value that does not fit is a mistake of its own. */
export function definedMetadata(
  key: string,
  given: Readonly<Record<string, unknown>> | undefined,
  problems: MillraceError[],
  site: DefinitionSite,
): StoredMetadata {
  if (given === undefined) return nothingKept;
  let kept = nothingKept;
  for (const entry of Object.entries(given)) {
    const { stored = kept, flaw } = storeMetadata(Object.fromEntries([entry]), kept);
    kept = stored;
    if (flaw === undefined) continue;
    const place = { asset: key, ...site.place };
    problems.push(new MillraceError("METADATA_INVALID", { where: `asset ${key}`, ...flaw }, { place }));
  }
  return kept;
}
