import type { Tagged } from "../brand.ts";
import { definitionRegistry } from "../definition-registry.ts";
import type { DefinitionSite } from "../definition-site.ts";
import type { ResourceDefinition } from "./resource-definition.ts";

/** A resource with a config, made by its `with`. */
export interface ConfiguredResource extends Tagged<"configured-resource"> {
  readonly name: string;
}

/** The same as data. */
export interface ResourceConfig {
  readonly name: string;
  readonly resource: ResourceDefinition;
  /** As it was given: not parsed, with references to variables. */
  readonly config: unknown;
  readonly site: DefinitionSite;
}

const registry = definitionRegistry<ResourceConfig>();

export const registerResourceConfig = registry.register;

export const isResourceConfig = registry.has;
