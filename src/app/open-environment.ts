import { MillraceError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import type { State } from "../ports/state.ts";
import type { Scope } from "../ports/state/project-store.ts";

/**
 * The environment to work in. Only the root is made when it is not there: any other name may be mistyped.
 *
 * @throws ENVIRONMENT_NOT_FOUND
 */
export async function openEnvironment(
  state: State,
  project: string,
  { root, wanted = root }: { readonly root: string; readonly wanted: string | undefined },
): Promise<Scope> {
  if (wanted === root) return state.projects.open(project, root);
  const found = await state.projects.find(project, wanted);
  if (found !== undefined) return found;
  const there = await state.environments.list(await state.projects.open(project, root));
  const suggestions = suggest(
    wanted,
    there.map(({ name }) => name),
  );
  throw new MillraceError("ENVIRONMENT_NOT_FOUND", { environment: wanted }, { suggestions });
}
