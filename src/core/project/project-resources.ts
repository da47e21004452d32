import { withNested, type ResourceDefinition } from "../resource/resource-definition.ts";
import { projectOps } from "./project-ops.ts";
import type { ProjectDefinition } from "./project.ts";

/** The resources that are exported or configured, those that definitions work with, and all that these are made of. */
export function projectResources(project: ProjectDefinition): readonly ResourceDefinition[] {
  const { assets, checks, endpoints, resources } = project;
  const found = new Set(resources);
  const add = ({ resources: used }: Pick<ProjectDefinition["endpoints"][number], "resources">): void => {
    for (const resource of used.values()) found.add(resource);
  };
  for (const { computation } of assets) add(computation);
  for (const { rule } of [...checks.values()].flat()) if (rule.rule === "run") add(rule);
  for (const endpoint of endpoints) add(endpoint);
  for (const op of projectOps(project)) add(op);
  return withNested(found);
}
