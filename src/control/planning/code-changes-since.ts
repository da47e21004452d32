import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { VersionRecord } from "../../core/catalog/version.ts";
import { codeChanges, type CodeChange } from "../../core/code/code-change.ts";
import type { ControlContext } from "../control-context.ts";

/** In what an asset's code differs from that of an earlier code version. */
export type CodeChangesSince = (asset: AssetDefinition, since: string) => readonly CodeChange[];

/** Looks up what the code of these versions was made of, where it is no longer today's. */
export async function codeChangesSince(
  versions: Iterable<VersionRecord>,
  context: ControlContext,
): Promise<CodeChangesSince> {
  const { graph, known, codeVersionOf, code, state } = context;
  const today = new Map<number, string>();
  for (const asset of graph.order) {
    const found = known.get(asset.key);
    if (found !== undefined) today.set(found.assetId, codeVersionOf(asset));
  }
  const earlier = new Set<string>();
  for (const { assetId, codeVersion } of versions) {
    if (codeVersion !== undefined && codeVersion !== today.get(assetId)) earlier.add(codeVersion);
  }
  const manifests = earlier.size === 0 ? new Map() : await state.code.manifests([...earlier]);
  const found = new Map<string, readonly CodeChange[]>();
  return (asset, since) => {
    const before = manifests.get(since);
    if (before === undefined) return [];
    // Partitions of one asset were often made by the same code.
    const key = `${since} ${asset.key}`;
    let changes = found.get(key);
    if (changes === undefined) found.set(key, (changes = codeChanges(before, code.manifestOf(asset))));
    return changes;
  };
}
