import { isAsset, type AssetDefinition } from "../asset/asset-definition.ts";
import type { CheckRule } from "./check-definition.ts";

/** The assets that a rule reads besides the one it is about, under the names it uses. */
export function checkReads(rule: CheckRule): ReadonlyMap<string, AssetDefinition> {
  switch (rule.rule) {
    case "run":
      return rule.dependencies;
    case "references":
      return new Map([[rule.asset.key, rule.asset]]);
    case "no_rows":
      return new Map(rule.sql.assets.filter(isAsset).map((asset) => [asset.key, asset]));
    default:
      return none;
  }
}

const none: ReadonlyMap<string, AssetDefinition> = new Map();
