import { isAsset } from "../asset/asset-definition.ts";
import type { CheckDefinition } from "./check-definition.ts";

/** A rule that nothing can break is a mistake, and so is one that everything breaks. In words that follow its name. */
export function ruleFlaw({ rule, scope }: CheckDefinition): string | undefined {
  switch (rule.rule) {
    case "not_null":
    case "unique":
      return rule.columns.length === 0 ? "names no column" : undefined;
    case "references":
      if (!isAsset(rule.asset) || rule.asset.kind !== "table") return "refers to something that is no table";
      if (rule.columns.length === 0) return "names no column";
      return rule.columns.length === rule.others.length
        ? undefined
        : `compares ${rule.columns.length} columns with ${rule.others.length}`;
    case "accepted":
      if (!Array.isArray(rule.values)) return "takes a list of values";
      return rule.values.length === 0 ? "has no values" : undefined;
    case "range":
    case "row_count":
      return boundsFlaw(rule);
    case "metadata":
      if (typeof rule.key !== "string" || rule.key === "") return "names no metadata";
      return scope === "asset" ? "is about one version, and cannot have the scope asset" : boundsFlaw(rule);
    case "schema_unchanged":
      return scope === "asset" ? "is about one version, and cannot have the scope asset" : undefined;
    case "row_count_change": {
      const shares = [rule.decrease, rule.increase].filter((share) => share !== undefined);
      if (shares.length === 0) return "has none of max, decrease and increase";
      return shares.every((share) => typeof share === "number" && share >= 0)
        ? undefined
        : "takes shares such as 0.5, which is half";
    }
    case "freshness":
      return rule.maxAgeMs > 0 ? undefined : 'needs a maxAge such as "1d"';
    default:
      return undefined;
  }
}

function boundsFlaw({
  min,
  max,
}: {
  readonly min?: number | bigint | string | Date;
  readonly max?: number | bigint | string | Date;
}): string | undefined {
  if (min === undefined && max === undefined) return "has neither min nor max";
  return min !== undefined && max !== undefined && min > max ? "has its min above its max" : undefined;
}
