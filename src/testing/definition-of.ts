import { isAsset, type AssetDefinition } from "../core/asset/asset-definition.ts";
import type { AnyAsset } from "../core/asset/asset-types.ts";
import { MillraceError } from "../core/errors.ts";

/**
 * @param what What it was given as, in words
 * @throws INVALID_OPTION for what is no asset
 */
export function definitionOf(asset: AnyAsset, what: string): AssetDefinition {
  const definition: unknown = asset;
  if (isAsset(definition)) return definition;
  throw new MillraceError("INVALID_OPTION", { what: "test", key: what, reason: "it is no asset" });
}
