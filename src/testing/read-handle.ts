import { sourceFile, type AssetDefinition } from "../core/asset/asset-definition.ts";
import { CatalogView } from "../core/catalog/catalog-view.ts";
import { readableParts } from "../core/catalog/readable-part.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import type { TestWorld } from "./test-world.ts";

/** A handle on an asset as it is published now. */
export async function readHandle(
  asset: AssetDefinition,
  world: Pick<TestWorld, "open" | "reading">,
): Promise<object> {
  const { context } = world.open;
  const { assetId, space } = knownAsset(context.known, asset);
  const { number } = await context.state.catalog.head(context.scope);
  const view = new CatalogView(number, await context.state.catalog.current(context.scope, number, [assetId]));
  const parts = readableParts(view.pieces(knownAsset(context.known, asset)), space);
  const external = sourceFile(asset) !== undefined ? { externalPath: context.sources.path(asset) } : {};
  const many = asset.partitions.kind !== "none" && parts.length > 1;
  const { handles } = world.reading.reader.read([{ name: "asset", asset, parts, many, ...external }], {});
  return handles["asset"] ?? {};
}
