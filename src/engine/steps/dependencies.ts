import { isExternal, sourceFile, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { CatalogView } from "../../core/catalog/catalog-view.ts";
import { readableParts } from "../../core/catalog/readable-part.ts";
import type { VersionInput } from "../../core/catalog/version.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { inputPieces, stepInputs, versionInput } from "../../core/plan/step-inputs.ts";
import type { ReadableAsset } from "../../ports/asset-reader.ts";
import type { Observed } from "../../ports/external-sources.ts";
import type { EngineOptions } from "../engine-options.ts";
import type { ObservedInputs } from "../execution.ts";

/** From where dependencies are read, and which partitions of them. */
export interface Surroundings {
  readonly view: CatalogView;
  readonly range: PartitionRange;
  /** Partitions of dependencies are chosen as for an asset that is partitioned so. */
  readonly partitions: AssetDefinition["partitions"];
}

/** External assets among these, as they are now. */
export async function observeExternal(
  assets: Iterable<AssetDefinition>,
  options: Pick<EngineOptions, "sources">,
): Promise<ObservedInputs> {
  const observed = new Map<string, Observed>();
  for (const asset of assets) {
    if (isExternal(asset) && !observed.has(asset.key))
      observed.set(asset.key, await options.sources.observe(asset));
  }
  return observed;
}

type Dependencies = ReadonlyMap<string, AssetDefinition>;
type World = Pick<EngineOptions, "known" | "clock" | "sources">;

/** Dependencies as what a reader can open. */
export function readableDependencies(
  { view, partitions, range }: Surroundings,
  dependencies: Dependencies,
  observed: ObservedInputs,
  { known, clock, sources }: World,
): readonly ReadableAsset[] {
  return stepInputs({ dependencies, partitions }, range, known, clock.now()).map((input) => {
    const placed = knownAsset(known, input.asset);
    const seen = observed.get(input.asset.key);
    return {
      name: input.name,
      asset: input.asset,
      parts: readableParts(inputPieces(input, view, placed), placed.space),
      many: input.all,
      ...(sourceFile(input.asset) !== undefined ? { externalPath: sources.path(input.asset) } : {}),
      ...(seen === undefined ? {} : { observedVersion: seen.dataVersion }),
    };
  });
}

/** The same as a version or an evaluation names it (N5, N19). */
export function recordedReads(
  { view, partitions, range }: Surroundings,
  dependencies: Dependencies,
  observed: ObservedInputs,
  { known, clock }: World,
): readonly VersionInput[] {
  const inputs = stepInputs({ dependencies, partitions }, range, known, clock.now()).map((input) =>
    versionInput(input, view, knownAsset(known, input.asset), observed.get(input.asset.key)?.dataVersion),
  );
  return inputs.filter((input) => input !== undefined);
}
