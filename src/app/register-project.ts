import type { KnownAsset } from "../core/plan/known-asset.ts";
import { PartitionSpace } from "../core/partition/space.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import type { State } from "../ports/state.ts";
import type { Scope } from "../ports/state/project-store.ts";

/** Gives every asset of a project its lasting ids in state. By asset key. */
export async function registerProject(
  { assets }: Pick<ProjectDefinition, "assets">,
  scope: Scope,
  state: State,
): Promise<ReadonlyMap<string, KnownAsset>> {
  const registered = await state.projects.register(
    scope,
    assets.map(({ key, partitions, renamedFrom }) => {
      const keys = partitions.kind === "static" ? { keys: partitions.keys } : {};
      const renamed = renamedFrom === undefined ? {} : { renamedFrom };
      return { key, space: { identity: partitions.identity, ...keys }, ...renamed };
    }),
  );
  return new Map(
    assets.flatMap(({ key, partitions }): [string, KnownAsset][] => {
      const found = registered.get(key);
      if (found === undefined) return [];
      const { assetId, spaceId, recordedAs, ordinals } = found;
      return [[key, { assetId, spaceId, recordedAs, space: new PartitionSpace(partitions, ordinals) }]];
    }),
  );
}
