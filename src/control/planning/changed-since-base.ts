import { isExternal, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { VersionRecord } from "../../core/catalog/version.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { Change } from "../../core/selection/change.ts";
import type { ControlContext } from "../control-context.ts";

/**
 * In what today's definitions differ from those by which the base of the environment was made, whatever was made in the
 * environment since; where there is no base, from those by which what is current was made.
 */
export async function changedSinceBase(
  context: ControlContext,
): Promise<ReadonlyMap<AssetDefinition, ReadonlySet<Change>>> {
  const { state, scope, graph, known } = context;
  const { base } = scope;
  const pointers =
    base === undefined
      ? await state.catalog.current(scope, (await state.catalog.head(scope)).number)
      : await state.catalog.current(base.scope, base.snapshot);
  const made = Map.groupBy(
    pointers.map(({ version }) => version),
    ({ assetId }) => assetId,
  );
  const assets = graph.order.filter((asset) => !isExternal(asset));
  return new Map(
    assets.map((asset) => [
      asset,
      changesOf(asset, made.get(knownAsset(known, asset).assetId) ?? [], context),
    ]),
  );
}

function changesOf(
  asset: AssetDefinition,
  all: readonly VersionRecord[],
  { known, codeVersionOf }: ControlContext,
): ReadonlySet<Change> {
  if (all.length === 0) return new Set(["new"]);
  const { spaceId } = knownAsset(known, asset);
  // What lies in an earlier partitioning was made otherwise in every way; it tells of the partitioning alone (N12).
  const versions = all.filter((version) => version.spaceId === spaceId);
  const found = new Set<Change>();
  if (versions.length === 0) found.add("partitions");
  const read = new Set([...asset.dependencies.values()].map((input) => knownAsset(known, input).recordedAs));
  for (const { codeVersion, inputs = [] } of versions) {
    if (codeVersion !== codeVersionOf(asset)) found.add("code");
    const before = new Set(inputs.map((input) => input.asset));
    if (before.size !== read.size || [...before].some((key) => !read.has(key))) found.add("inputs");
  }
  return found;
}
