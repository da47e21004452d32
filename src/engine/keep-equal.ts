import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import type { Location, VersionRecord } from "../core/catalog/version.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import type { Attempt } from "./execution.ts";
import type { MadeVersion } from "./made-version.ts";

/**
 * A version that equals the current one keeps the old content: bytes, order and answers stay the same (N4). What was
 * written anew goes.
 */
export async function keepEqual(
  made: MadeVersion,
  asset: AssetDefinition,
  { step, execution }: Attempt,
): Promise<MadeVersion> {
  const { options, view } = execution;
  const previous = view.exactly(knownAsset(options.known, asset), step.range)?.version;
  if (previous?.location === undefined || !equal(previous, made.version)) return made;
  const { location, rowCount, bytes = made.version.bytes } = previous;
  if ("files" in made.version.location) await options.store.remove(asset.key, made.version.id);
  const told = rowCount === undefined ? {} : { rowCount };
  return { ...made, version: { ...made.version, ...told, location, bytes } };
}

function equal(
  previous: VersionRecord,
  { kind, dataVersion, columns, location }: MadeVersion["version"],
): boolean {
  if (previous.kind !== kind || previous.dataVersion !== dataVersion) return false;
  // What loads a file may go by the end of its name.
  if (kind === "file") return endOfName(previous.location) === endOfName(location);
  // Columns are JSON, so those of state and those of the code compare by their text, whatever the order of keys.
  return canonicalJson(previous.columns ?? null) === canonicalJson(columns ?? null);
}

function endOfName(location: Location | undefined): string | undefined {
  const [file] = location !== undefined && "files" in location ? location.files : [];
  return file?.slice(file.lastIndexOf(".") + 1);
}
