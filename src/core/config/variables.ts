import { MillraceError } from "../errors.ts";
import { isPlainObject } from "../plain-object.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import { below } from "./config-path.ts";
import { alternatives, changedConfig } from "./config-shape.ts";

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Stands in a config for the value of an environment variable. */
export interface VariableReference {
  readonly $env: string;
  /** Stands for it when it is not set. */
  readonly default?: string;
}

export function isReference(value: unknown): value is VariableReference {
  if (!isPlainObject(value) || typeof value["$env"] !== "string") return false;
  const others = Object.keys(value).filter((name) => name !== "$env");
  return others.length === 0 || (others.length === 1 && typeof value["default"] === "string");
}

/** A config with its references replaced, and those that nothing could be put in for. */
export interface Resolved {
  readonly value: unknown;
  readonly missing: readonly MillraceError[];
}

/**
 * Puts variables in. A variable is a text; where the schema wants a number or a boolean and takes no text, the text is
 * read as one.
 *
 * @param where Path of the config, before those of its fields
 */
export function resolveVariables(
  schema: AnyObject | undefined,
  config: unknown,
  variables: Variables,
  where: string,
): Resolved {
  const missing: MillraceError[] = [];
  const value = changedConfig(schema === undefined ? [] : [schema], config, (schemas, given, path) => {
    if (!isReference(given)) return undefined;
    const name = given.$env;
    const set = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const text = set ?? given.default;
    if (text !== undefined) return { instead: asWanted(text, schemas) };
    const field = below(where, path);
    missing.push(new MillraceError("CONFIG_VARIABLE_MISSING", { field, name }, { place: { field } }));
    return { instead: given };
  });
  return { value, missing };
}

function asWanted(text: string, schemas: readonly AnySchema[]): unknown {
  const wanted = new Set(alternatives(schemas).map((schema) => schema._zod.def.type));
  if (wanted.has("string") || wanted.has("enum") || wanted.has("literal")) return text;
  if (wanted.has("boolean") && (text === "true" || text === "false")) return text === "true";
  if (wanted.has("number") && text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  return text;
}
