import type { ProjectDefinition } from "./project.ts";
import { withNested, type ResourceDefinition } from "../resource/resource-definition.ts";

type Users = Pick<ProjectDefinition, "assets" | "checks" | "endpoints">;

/** The resources that definitions work with, those that were exported besides, and all that these are made of. */
export function projectResources(
  { assets, checks, endpoints }: Users,
  exported: Iterable<ResourceDefinition>,
): readonly ResourceDefinition[] {
  const found = new Set<ResourceDefinition>(exported);
  const add = ({ resources }: Pick<Users["endpoints"][number], "resources">): void => {
    for (const resource of resources.values()) found.add(resource);
  };
  for (const { computation } of assets) add(computation);
  for (const { rule } of [...checks.values()].flat()) if (rule.rule === "run") add(rule);
  for (const endpoint of endpoints) add(endpoint);
  return withNested(found);
}
