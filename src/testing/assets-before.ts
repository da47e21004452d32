import { findJob } from "../control/jobs/find-job.ts";
import { chooseAssets } from "../control/planning/choose.ts";
import type { ControlContext } from "../control/control-context.ts";
import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import { nodesOf } from "../core/graph/graph-nodes.ts";

/**
 * What has to be there before a job runs: all of the project that it does not make, and what that is made from, be it
 * among what the job makes too.
 */
export async function assetsBefore(
  name: string,
  context: ControlContext,
): Promise<readonly AssetDefinition[]> {
  const { body } = findJob(name, context);
  const selections =
    body.body === "assets"
      ? [body.selection]
      : [...nodesOf(body.graph())].flatMap((node) => (node.node === "materialize" ? [node.selection] : []));
  const made = new Set<AssetDefinition>();
  for (const selection of selections) {
    for (const { computation } of await chooseAssets(selection, context))
      for (const { asset } of computation.outputs) made.add(asset);
  }
  const before = new Set<AssetDefinition>();
  const add = (asset: AssetDefinition): void => {
    if (before.has(asset)) return;
    before.add(asset);
    for (const dependency of asset.dependencies.values()) add(dependency);
  };
  for (const asset of context.project.assets) if (!made.has(asset)) add(asset);
  return [...before];
}
