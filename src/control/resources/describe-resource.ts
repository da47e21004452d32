import { plainConfig } from "../../core/config/config-identity.ts";
import { redactedConfig } from "../../core/config/config-secrets.ts";
import { memberNames } from "../../core/config/config-shape.ts";
import { parseConfig } from "../../core/config/parse-config.ts";
import { isReference, resolveVariables, type Variables } from "../../core/config/variables.ts";
import { isRecord } from "../../core/option-rules.ts";
import { projectOps } from "../../core/project/project-ops.ts";
import type { ProjectDefinition } from "../../core/project/project.ts";
import type { ResourceSettings } from "../../core/project/resource-settings.ts";
import type { ResourceDefinition, ResourceMap } from "../../core/resource/resource-definition.ts";

/** A resource, what it is configured with, and what works with it. */
export interface ResourceDescription {
  readonly name: string;
  readonly description: string | undefined;
  readonly scope: ResourceDefinition["scope"];
  readonly affectsData: boolean;
  /** Where it is defined. */
  readonly file?: string;
  readonly line?: number;
  /** By the members of its config. */
  readonly config: Readonly<Record<string, ConfigMember>>;
  /** What keeps it from being opened, as far as that can be told without doing so; in words. */
  readonly mistakes: readonly string[];
  /** Names of those that it is made of. */
  readonly madeOf: readonly string[];
  readonly usedBy: ResourceUsers;
}

export interface ConfigMember {
  /** With its secrets hidden; absent where nothing is known of it. */
  readonly value?: unknown;
  /** The variable that it comes from. */
  readonly variable?: { readonly name: string; readonly set: boolean };
  /** Who says so; a variable is named in code. */
  readonly from: "code" | "default" | "nobody";
}

/** What names it, by key, route or name. */
export interface ResourceUsers {
  readonly assets: readonly string[];
  readonly checks: readonly string[];
  readonly endpoints: readonly string[];
  readonly ops: readonly string[];
  readonly resources: readonly string[];
}

/** Where a project's resources are described. */
export interface Describing {
  readonly project: ProjectDefinition;
  readonly all: readonly ResourceDefinition[];
  readonly configs: ResourceSettings["configs"];
  readonly variables: Variables;
}

export function describeResource(
  resource: ResourceDefinition,
  { project, all, configs, variables }: Describing,
): ResourceDescription {
  const { name, description, scope, affectsData, site, resources } = resource;
  const given = configs.get(resource)?.config;
  const parsed = parseConfig(resource.config, given, `resources.${name}`, variables);
  return {
    name,
    description,
    scope,
    affectsData,
    ...site.place,
    config: configMembers(resource, given, parsed.ok ? parsed.value : undefined, variables),
    mistakes: parsed.ok ? [] : parsed.problems.map(({ message }) => message),
    madeOf: [...resources.values()].map((nested) => nested.name),
    usedBy: usersOf(resource, project, all),
  };
}

function configMembers(
  { config: schema, name: resource }: ResourceDefinition,
  given: unknown,
  parsed: unknown,
  variables: Variables,
): Readonly<Record<string, ConfigMember>> {
  if (schema === undefined) return {};
  const inCode = isRecord(given) ? given : {};
  const whole = parsed ?? resolveVariables(schema, given, variables, resource).value;
  const shown = redactedConfig(schema, whole);
  const values = isRecord(shown) ? shown : {};
  return Object.fromEntries(
    memberNames([schema]).map((name): [string, ConfigMember] => {
      const said = inCode[name];
      const value = isReference(values[name]) ? undefined : shownValue(values[name]);
      return [
        name,
        {
          ...(value === undefined ? {} : { value }),
          ...(isReference(said)
            ? { variable: { name: said.$env, set: variables[said.$env] !== undefined } }
            : {}),
          from: said !== undefined ? "code" : value === undefined ? "nobody" : "default",
        },
      ];
    }),
  );
}

/** As JSON can show it; what has no such form is only named. */
function shownValue(value: unknown): unknown {
  if (value === undefined) return undefined;
  try {
    return plainConfig(value);
  } catch {
    return `(${typeof value})`;
  }
}

function usersOf(
  resource: ResourceDefinition,
  project: ProjectDefinition,
  all: readonly ResourceDefinition[],
): ResourceUsers {
  const uses = ({ resources }: { readonly resources: ResourceMap }): boolean =>
    [...resources.values()].includes(resource);
  const checks = [...project.checks].flatMap(([{ key }, own]) =>
    own.flatMap(({ name, rule }) => (rule.rule === "run" && uses(rule) ? [`${key}: ${name}`] : [])),
  );
  return {
    assets: project.assets.flatMap(({ key, computation }) => (uses(computation) ? [key] : [])),
    checks,
    endpoints: project.endpoints.flatMap((endpoint) => (uses(endpoint) ? [endpoint.route] : [])),
    ops: [...projectOps(project)].flatMap((op) => (uses(op) ? [op.name] : [])),
    resources: all.flatMap((other) => (uses(other) ? [other.name] : [])),
  };
}
