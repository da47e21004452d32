import type { Computation } from "../asset/computation.ts";
import type { ResourceConfig } from "../resource/configured-resource.ts";
import type { ResourceDefinition } from "../resource/resource-definition.ts";
import type { ConfigTaker } from "./run-config.ts";

/**
 * The assets of a project as takers of config, by the keys of their computations: those made together share one.
 *
 * @param needed What the run makes
 */
export function assetTakers(
  computations: Iterable<Computation>,
  needed: ReadonlySet<Computation>,
): ReadonlyMap<string, ConfigTaker> {
  return new Map(
    Array.from(computations, (computation) => [
      computation.key,
      {
        ...(computation.config === undefined ? {} : { schema: computation.config }),
        needed: needed.has(computation),
      },
    ]),
  );
}

/**
 * The resources of a project, by their names.
 *
 * @param needed What the run works with
 * @param configs What the project configures them with
 */
export function resourceTakers(
  resources: Iterable<ResourceDefinition>,
  needed: ReadonlySet<ResourceDefinition>,
  configs: ReadonlyMap<ResourceDefinition, ResourceConfig>,
): ReadonlyMap<string, ConfigTaker> {
  return new Map(
    Array.from(resources, (resource) => [
      resource.name,
      {
        ...(resource.config === undefined ? {} : { schema: resource.config }),
        needed: needed.has(resource),
        defaults: configs.get(resource)?.config,
      },
    ]),
  );
}
