import { isAsset, type AssetDefinition } from "../asset/asset-definition.ts";
import { printKey } from "../selection/print-selection.ts";

/** Which assets are meant, and those among them that were given as themselves. */
export interface SelectedAssets {
  readonly selection: string;
  readonly assets: readonly AssetDefinition[];
}

/** A text, an asset, or a list of both, as one text. What the text means is for validation to see. */
export function assetSelection(given: unknown, invalid: (reason: string) => void): SelectedAssets {
  const parts: readonly unknown[] = Array.isArray(given) ? given : [given];
  const assets: AssetDefinition[] = [];
  const texts = parts.flatMap((part): string[] => {
    if (typeof part === "string" && part.trim() !== "") return [parts.length === 1 ? part : `(${part})`];
    if (!isAsset(part)) {
      invalid("assets are a selection such as group:daily, an asset, or a list of those");
      return [];
    }
    assets.push(part);
    return [printKey([part.key])];
  });
  if (parts.length === 0) invalid("the list of assets is empty");
  return { selection: texts.join(" or "), assets: Object.freeze(assets) };
}
