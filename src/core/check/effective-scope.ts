import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { CheckDefinition, CheckScope } from "./check-definition.ts";

/** What a check of this asset really looks at: of an asset without partitions, its one version is the whole. */
export function effectiveScope({ scope }: CheckDefinition, { partitions }: AssetDefinition): CheckScope {
  return partitions.kind === "none" ? "partition" : scope;
}

/** Those that are asked of each version as soon as it is made. */
export function checksOfVersions(
  checks: readonly CheckDefinition[],
  asset: AssetDefinition,
): readonly CheckDefinition[] {
  return checks.filter((check) => effectiveScope(check, asset) === "partition");
}

/** Those that are asked of the whole asset when it is published. */
export function checksOfWhole(
  checks: readonly CheckDefinition[],
  asset: AssetDefinition,
): readonly CheckDefinition[] {
  return checks.filter((check) => effectiveScope(check, asset) === "asset");
}
