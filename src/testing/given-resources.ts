import { noRetry } from "../core/asset/retry.ts";
import type { Tagged } from "../core/brand.ts";
import { definitionRegistry } from "../core/definition-registry.ts";
import { MillraceError } from "../core/errors.ts";
import {
  isResourceConfig,
  registerResourceConfig,
  type ConfiguredResource,
  type ResourceConfig,
} from "../core/resource/configured-resource.ts";
import {
  noResources,
  registerResource,
  type ResourceDefinition,
} from "../core/resource/resource-definition.ts";

/** An instance that a test gives in place of a resource's. */
export interface InsteadOf extends Tagged<"instead"> {
  readonly name: string;
}

/** What a test says of resources: instances instead of them, or what they are configured with. */
export type TestResource = InsteadOf | ConfiguredResource;

interface Replacement {
  readonly name: string;
  readonly resource: ResourceDefinition;
  readonly instance: unknown;
}

const registry = definitionRegistry<Replacement>();

export function insteadOfResource(resource: ResourceDefinition, instance: unknown): InsteadOf {
  const { name } = resource;
  return registry.register({ name, resource, instance }) as Replacement & InsteadOf;
}

/** The resources of a test. */
export interface GivenResources {
  /** What stands for a resource in this test; itself when the test says nothing of it. */
  readonly standIn: (resource: ResourceDefinition) => ResourceDefinition;
  readonly configured: readonly ResourceConfig[];
}

/** @throws INVALID_OPTION for what is neither */
export function givenResources(given: readonly TestResource[] = []): GivenResources {
  const instances = new Map<ResourceDefinition, unknown>();
  const configs: ResourceConfig[] = [];
  for (const one of given as readonly unknown[]) {
    if (registry.has(one)) instances.set(one.resource, one.instance);
    else if (isResourceConfig(one)) configs.push(one);
    else {
      const reason = "one of them is made neither by instead nor by the with of a resource";
      throw new MillraceError("INVALID_OPTION", { what: "test", key: "resources", reason });
    }
  }
  const made = new Map<ResourceDefinition, ResourceDefinition>();
  const standIn = (resource: ResourceDefinition): ResourceDefinition => {
    let found = made.get(resource);
    if (found === undefined) {
      found = instances.has(resource) ? fixed(resource, instances.get(resource)) : madeOf(resource, standIn);
      made.set(resource, found);
    }
    return found;
  };
  return {
    standIn,
    configured: configs.map((config) =>
      registerResourceConfig({ ...config, resource: standIn(config.resource) }),
    ),
  };
}

function fixed(resource: ResourceDefinition, instance: unknown): ResourceDefinition {
  return registerResource({
    ...resource,
    config: undefined,
    resources: noResources,
    create: () => instance,
    check: undefined,
    retry: noRetry,
  });
}

function madeOf(
  resource: ResourceDefinition,
  standIn: (resource: ResourceDefinition) => ResourceDefinition,
): ResourceDefinition {
  const resources = new Map([...resource.resources].map(([name, nested]) => [name, standIn(nested)]));
  const same = [...resource.resources].every(([name, nested]) => resources.get(name) === nested);
  return same ? resource : registerResource({ ...resource, resources });
}
