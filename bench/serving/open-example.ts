import { loadProject } from "../../src/app/load-project.ts";
import { openProject, type OpenProject } from "../../src/app/open-project.ts";
import { readableParts, type ReadablePart } from "../../src/core/catalog/readable-part.ts";
import { knownAsset } from "../../src/core/plan/known-asset.ts";
import { example } from "../millrace-command.ts";

/** The example over state and data that were made for the figure. */
export async function openExample(variables: NodeJS.ProcessEnv): Promise<OpenProject> {
  return openProject(await loadProject(example), { variables });
}

/** What is current of one of its assets. */
export async function currentParts({ context }: OpenProject, key: string): Promise<readonly ReadablePart[]> {
  const { state, scope, graph, known } = context;
  const asset = graph.byKey.get(key);
  if (asset === undefined) throw new Error(`the example has no ${key}`);
  const { assetId, space } = knownAsset(known, asset);
  const { number } = await state.catalog.head(scope);
  return readableParts(await state.catalog.current(scope, number, [assetId]), space);
}
