import type { RetryPolicy } from "../asset/retry.ts";
import { definitionRegistry } from "../definition-registry.ts";
import type { DefinitionSite } from "../definition-site.ts";
import type { MillraceError } from "../errors.ts";
import type { ResourceConfig } from "./configured-resource.ts";
import type { AnyObject } from "../schema.ts";

/** For how long an instance is everybody's: while the process lives, or while the run does. */
export type ResourceScope = "process" | "run";

/** Something that code works with and that has to be opened and closed, as data. */
export interface ResourceDefinition {
  /** Its identity: config and commands name it so. */
  readonly name: string;
  readonly description: string | undefined;
  readonly config: AnyObject | undefined;
  /** Those that it is made of, under the names that `create` uses. Never a circle: what it names was there before it. */
  readonly resources: ResourceMap;
  readonly scope: ResourceScope;
  readonly create: (instances: object, context: object) => unknown;
  readonly check: ((instance: unknown, context: object) => unknown) | undefined;
  readonly retry: RetryPolicy;
  /** What it is configured with decides what assets hold. */
  readonly affectsData: boolean;
  readonly with: (config: unknown) => ResourceConfig;
  /** Mistakes in the definition itself, reported when the project is loaded. */
  readonly problems: readonly MillraceError[];
  readonly site: DefinitionSite;
}

/** Resources under the names that some code uses. */
export type ResourceMap = ReadonlyMap<string, ResourceDefinition>;

/** Nothing is asked for: shared, since nearly every definition has it. */
export const noResources: ResourceMap = new Map();

const registry = definitionRegistry<ResourceDefinition>();

export const registerResource = registry.register;

export const isResource = registry.has;

/** These and all that they are made of, each once; what another is made of comes first. */
export function withNested(resources: Iterable<ResourceDefinition>): readonly ResourceDefinition[] {
  const found = new Set<ResourceDefinition>();
  const add = (resource: ResourceDefinition): void => {
    if (found.has(resource)) return;
    for (const nested of resource.resources.values()) add(nested);
    found.add(resource);
  };
  for (const resource of resources) add(resource);
  return [...found];
}
