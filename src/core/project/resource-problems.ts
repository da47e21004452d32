import { isDefinitionName } from "../definition-name.ts";
import { MillraceError } from "../errors.ts";
import type { ResourceDefinition } from "../resource/resource-definition.ts";

/** What is wrong with resources by themselves and beside each other: config and commands know them by their names. */
export function resourceProblems(resources: readonly ResourceDefinition[]): readonly MillraceError[] {
  const problems: MillraceError[] = [];
  const named = new Map<string, ResourceDefinition>();
  for (const resource of resources) {
    const { name, site } = resource;
    problems.push(...resource.problems);
    const report = (
      code: "DUPLICATE_KEY" | "INVALID_NAME",
      details: Readonly<Record<string, string>>,
    ): void => {
      problems.push(new MillraceError(code, details, { place: { resource: name, ...site.place } }));
    };
    if (!isDefinitionName(name)) report("INVALID_NAME", { what: "a resource", name: JSON.stringify(name) });
    const other = named.get(name);
    if (other !== undefined)
      report("DUPLICATE_KEY", { what: "resource", key: name, other: String(other.site) });
    named.set(name, resource);
  }
  return problems;
}
