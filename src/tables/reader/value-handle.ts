import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as z from "zod";
import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { valueReason } from "../../core/catalog/schema-mismatch.ts";
import { firstFile, type VersionRecord } from "../../core/catalog/version.ts";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { VersionStore } from "../../ports/table-engine.ts";

/** Small enough to be hashed whenever it is read. Of what its author gave another data version, nothing is known. */
function isSame(json: string, dataVersion: string | undefined): boolean {
  if (dataVersion?.startsWith("sha256:") !== true) return true;
  return dataVersion === `sha256:${createHash("sha256").update(json).digest("hex")}`;
}

/** The value of a version, parsed by the asset's schema as it is today. */
export async function readValue(
  asset: AssetDefinition,
  version: VersionRecord,
  store: VersionStore,
): Promise<unknown> {
  const corrupt = (reason: string): MillraceError =>
    new MillraceError("VERSION_CORRUPT", { key: asset.key, version: version.id, reason });
  if (asset.value === undefined || version.location === undefined) throw corrupt("it has no value");
  const { location } = version;
  const file = firstFile(location);
  let stored: unknown;
  try {
    const json = "inline" in location ? location.inline : await readFile(store.path(file ?? ""), "utf8");
    if (!isSame(json, version.dataVersion)) throw corrupt(`${file ?? "it"} is not what was written`);
    stored = JSON.parse(json);
  } catch (error) {
    throw error instanceof MillraceError ? error : corrupt(reasonOf(error));
  }
  const parsed = await z.core.safeParseAsync(asset.value, stored);
  if (parsed.success) return parsed.data;
  const reason = valueReason(parsed.error);
  throw new MillraceError("SCHEMA_CHANGED", { key: asset.key, reason }, { place: { asset: asset.key } });
}
