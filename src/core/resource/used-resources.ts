import { isRecord, type OptionRule } from "../option-rules.ts";
import { isResource, noResources, type ResourceDefinition, type ResourceMap } from "./resource-definition.ts";

/** Resources by name, for the function that works with them. */
export function resourcesFor(user: string): OptionRule {
  return {
    wanted: `resources by the names that ${user} uses, for instance { db: warehouse }`,
    fits: (value) => isRecord(value) && !isResource(value),
  };
}

/**
 * The option `resources` of a definition.
 *
 * @param taken What has these names already in the first argument of the function, in words, by name
 */
export function usedResources(
  given: Readonly<Record<string, unknown>> | undefined,
  taken: ReadonlyMap<string, string>,
  invalid: (reason: string) => void,
): ResourceMap {
  if (given === undefined) return noResources;
  const used = new Map<string, ResourceDefinition>();
  for (const [name, resource] of Object.entries(given)) {
    const other = taken.get(name);
    if (!isResource(resource)) invalid(`resources.${name} is no resource`);
    else if (other !== undefined)
      invalid(`the resource ${name} has the name of ${other}: give one of them another one`);
    else used.set(name, resource);
  }
  return used;
}

/** That these names are taken by dependencies. */
export function takenBy(
  dependencies: Iterable<string>,
  more: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(more),
    ...[...dependencies].map((name): [string, string] => [name, "a dependency"]),
  ]);
}
