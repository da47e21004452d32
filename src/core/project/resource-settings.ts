import { referencesIn } from "../config/env.ts";
import type { Variables } from "../config/variables.ts";
import type { DefinitionSite } from "../definition-site.ts";
import { MillraceError, reasonOf } from "../errors.ts";
import { isResourceConfig, type ResourceConfig } from "../resource/configured-resource.ts";
import type { ResourceDefinition } from "../resource/resource-definition.ts";

/** What a project configures its resources with in one environment. */
export interface ResourceSettings {
  readonly configs: ReadonlyMap<ResourceDefinition, ResourceConfig>;
  readonly problems: readonly MillraceError[];
}

/** Whom to ask for them: a project. */
interface Configuring {
  readonly name: string;
  readonly configured: (environment: string) => unknown;
  readonly site: DefinitionSite;
}

/** Asks the project for an environment's settings. */
export function resourceSettings(
  { name, configured, site }: Configuring,
  environment: string,
): ResourceSettings {
  const problems: MillraceError[] = [];
  const invalid = (reason: string, place = site.place): void => {
    problems.push(new MillraceError("INVALID_OPTION", { what: "project", key: name, reason }, { place }));
  };
  const configs = new Map<ResourceDefinition, ResourceConfig>();
  let given: unknown;
  try {
    given = configured(environment);
  } catch (error) {
    invalid(`resources failed for the environment ${environment}: ${reasonOf(error)}`);
    return { configs, problems };
  }
  if (!Array.isArray(given)) {
    invalid("resources must be a list of what resources give by their with, or a function that gives one");
    return { configs, problems };
  }
  for (const [index, one] of given.entries()) {
    if (!isResourceConfig(one)) {
      invalid(`resources[${index}] is not made by the with of a resource`);
      continue;
    }
    const other = configs.get(one.resource);
    if (other !== undefined)
      invalid(
        `the resource ${one.resource.name} is configured twice: here and at ${String(other.site)}`,
        one.site.place,
      );
    configs.set(one.resource, one);
  }
  return { configs, problems };
}

/** The variables that the settings name and that nobody has set, as one error; undefined when there are none. */
export function missingVariables(
  { configs }: Pick<ResourceSettings, "configs">,
  variables: Variables,
): MillraceError | undefined {
  const missing = new Map<string, MillraceError>();
  for (const { resource, config } of configs.values()) {
    for (const { reference, site } of referencesIn(config)) {
      const name = reference.$env;
      if (reference.default !== undefined || variables[name] !== undefined || missing.has(name)) continue;
      const place = { resource: resource.name, ...site?.place };
      missing.set(
        name,
        new MillraceError("ENVIRONMENT_VARIABLE_MISSING", { name, resource: resource.name }, { place }),
      );
    }
  }
  if (missing.size === 0) return undefined;
  const problems = [...missing.values()];
  const list = problems.map(({ message, place }) =>
    place.file === undefined ? `- ${message}` : `- ${place.file}:${place.line ?? 0}  ${message}`,
  );
  return new MillraceError("ENVIRONMENT_VARIABLES_MISSING", { list: list.join("\n") }, { problems });
}
