import { isAsset, type AssetDefinition } from "../core/asset/asset-definition.ts";
import type { AssetCheckDefinition, CheckRule } from "../core/check/check-definition.ts";
import type { ResourceMap } from "../core/resource/resource-definition.ts";
import { SqlTree } from "../core/sql/sql-tree.ts";
import { mapValues } from "./map-values.ts";

/** The same check, of what stands in for the assets and resources it has to do with. */
export function standInCheck(
  check: AssetCheckDefinition,
  standIn: (asset: AssetDefinition) => AssetDefinition,
  resourcesOf: (used: ResourceMap) => ResourceMap,
): AssetCheckDefinition {
  const { asset } = check;
  // One object for all: the checks that share it are asked once.
  const dependencies = mapValues(check.rule.dependencies, standIn);
  const rule = { ...check.rule, dependencies, resources: resourcesOf(check.rule.resources) };
  return {
    ...check,
    rule,
    checks: check.checks.map((one) => ({ ...one, rule })),
    asset: asset && standIn(asset),
  };
}

/** What a table is compared with stands in too. A check's SQL names assets by their keys. */
export function standInRule(
  rule: CheckRule,
  standIn: (asset: AssetDefinition) => AssetDefinition,
): CheckRule {
  if (rule.rule === "references") return { ...rule, asset: standIn(rule.asset) };
  if (rule.rule !== "no_rows") return rule;
  const assets = rule.sql.assets.map((asset) => (isAsset(asset) ? standIn(asset) : asset));
  return { ...rule, sql: new SqlTree(rule.sql.parts, rule.sql.rows, assets) };
}
