import type { Log } from "../../core/asset/run-context.ts";
import { MillraceError } from "../../core/errors.ts";
import { projectResources } from "../../core/project/project-resources.ts";
import type { ResourceDefinition } from "../../core/resource/resource-definition.ts";
import { suggest } from "../../core/suggest.ts";
import type { ResourcePool } from "../../ports/resource-pool.ts";
import type { ControlContext } from "../control-context.ts";
import { describeResource, type Describing, type ResourceDescription } from "./describe-resource.ts";

type Context = Pick<ControlContext, "project" | "variables">;

/** Every resource of the project, with what it is configured with in the environment. Opens none. */
export function listResources(
  configs: Describing["configs"],
  { project, variables }: Context,
): readonly ResourceDescription[] {
  const all = projectResources(project);
  return all.map((resource) => describeResource(resource, { project, all, configs, variables }));
}

/** One of them. @throws RESOURCE_NOT_FOUND */
export function showResource(
  name: string,
  configs: Describing["configs"],
  { project, variables }: Context,
): ResourceDescription {
  const all = projectResources(project);
  return describeResource(findResource(name, all), { project, all, configs, variables });
}

/**
 * Opens a resource, asks whether it is fit, and closes it again.
 *
 * @throws RESOURCE_NOT_FOUND, RESOURCE_FAILED, CONFIG_INVALID, CANCELED
 */
export async function checkResource(
  name: string,
  pool: ResourcePool,
  { project }: Context,
  asker: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> {
  const resource = findResource(name, projectResources(project));
  const session = pool.session();
  try {
    await session.instancesFor(new Map([[name, resource]]), asker);
  } finally {
    await session.close();
  }
}

function findResource(name: string, all: readonly ResourceDefinition[]): ResourceDefinition {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const suggestions = suggest(
    name,
    all.map((one) => one.name),
  );
  throw new MillraceError("RESOURCE_NOT_FOUND", { resource: name }, { suggestions });
}
