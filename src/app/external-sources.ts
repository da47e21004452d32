import { isRecord } from "../core/option-rules.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import { storeMetadata } from "../core/metadata/store-metadata.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";
import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { ExternalSources, Observed } from "../ports/external-sources.ts";
import { localSources } from "../tables/local-sources.ts";

/**
 * Every kind of source: files of this machine, functions that observe, and what was reported to state.
 *
 * @param reported The newest report of an asset
 */
export function externalSources(
  directory: string,
  reported: (asset: AssetDefinition) => Promise<Observed | undefined>,
): ExternalSources {
  const files = localSources(directory);
  return {
    path: (asset) => files.path(asset),
    async observe(asset, known) {
      const source = asset.body.body === "external" ? asset.body.source : undefined;
      if (source?.format === "observed") return observedBy(source.observe, asset);
      if (source?.format !== "reported") return files.observe(asset, known);
      const newest = await reported(asset);
      if (newest !== undefined) return newest;
      throw new MillraceError("EXTERNAL_UNREPORTED", { key: asset.key }, placeOf(asset));
    },
  };
}

async function observedBy(observe: () => unknown, asset: AssetDefinition): Promise<Observed> {
  const failed = (reason: string, cause?: unknown): MillraceError =>
    new MillraceError("EXTERNAL_OBSERVE_FAILED", { key: asset.key, reason }, { ...placeOf(asset), cause });
  let seen: unknown;
  try {
    seen = await observe();
  } catch (error) {
    throw failed(reasonOf(error), error);
  }
  const { dataVersion, metadata } = isRecord(seen) ? seen : {};
  if (typeof dataVersion !== "string" || dataVersion === "") throw failed("it gave no dataVersion");
  const mark = canonicalJson({ observed: dataVersion });
  if (metadata === undefined) return { mark, dataVersion };
  const { stored, flaw } = storeMetadata(metadata);
  if (flaw !== undefined) throw failed(`its metadata ${flaw.name} cannot be kept: ${flaw.reason}`);
  return { mark, dataVersion, metadata: stored };
}

function placeOf(asset: AssetDefinition): { place: { asset: string } } {
  return { place: { asset: asset.key, ...asset.site.place } };
}
