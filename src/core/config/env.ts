import type { Tagged } from "../brand.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { isPlainObject } from "../plain-object.ts";
import { isReference, type VariableReference } from "./variables.ts";

/** Stands for the value of an environment variable, in a config that is given in code. */
export interface EnvironmentVariable extends Tagged<"variable"> {
  readonly $env: string;
}

const sites = new WeakMap<object, DefinitionSite>();

/**
 * The value of an environment variable, in the config of a resource. It is looked up when the project is opened, and
 * all that are missing are told then, each with its place; a secret that comes this way stands in no file. Where the
 * schema wants a number or a boolean, the text is read as one.
 *
 * @param options.default What it is when the variable is not set; without it, it has to be
 * @throws INVALID_OPTION for what is no name
 * @example
 * warehouse.with({ url: env("WAREHOUSE_URL", { default: "postgres://localhost/dev" }), password: env("WAREHOUSE_PASSWORD") })
 */
export function env(name: string, options: { readonly default?: string } = {}): EnvironmentVariable {
  const site = DefinitionSite.above(env);
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    const reason = "a variable has letters, digits and _";
    throw new MillraceError(
      "INVALID_OPTION",
      { what: "env", key: JSON.stringify(name), reason },
      { place: site.place },
    );
  }
  const { default: fallback } = options;
  const reference: VariableReference = {
    $env: name,
    ...(fallback === undefined ? {} : { default: fallback }),
  };
  sites.set(reference, site);
  return Object.freeze(reference) as VariableReference & EnvironmentVariable;
}

/** The references in a config, each with where it was made. */
export function referencesIn(
  config: unknown,
): readonly { readonly reference: VariableReference; readonly site: DefinitionSite | undefined }[] {
  if (isReference(config)) return [{ reference: config, site: sites.get(config) }];
  if (Array.isArray(config)) return config.flatMap(referencesIn);
  return isPlainObject(config) ? Object.values(config).flatMap(referencesIn) : [];
}

/** What may be given where a config is written in code: variables stand for texts, numbers and booleans. */
export type WithVariables<T> = unknown extends T
  ? T
  : T extends string | number | boolean
    ? T | EnvironmentVariable
    : T extends Date | ((...given: never[]) => unknown)
      ? T
      : T extends object
        ? { readonly [K in keyof T]: WithVariables<T[K]> }
        : T;
