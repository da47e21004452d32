import { hash128 } from "../catalog/hash128.ts";
import type { VersionInput } from "../catalog/version.ts";
import { canonicalJson } from "../canonical-json.ts";

/**
 * One hash that stands for all that a step read: with the code version it says what was tried (N23). Neither the
 * snapshot nor the order in which it read counts.
 */
export function inputVersion(inputs: readonly VersionInput[]): string {
  const read = new Set(inputs.map(({ asset, dataVersion }) => canonicalJson([asset, dataVersion])));
  const hash = hash128([...read].sort().join("\n"));
  return hash.map((word) => word.toString(16).padStart(8, "0")).join("");
}
