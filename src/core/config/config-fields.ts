import { isRecord } from "../option-rules.ts";
import type { JsonSchema } from "./config-json-schema.ts";
import { printConfigPath } from "./config-path.ts";

/** One value that may be given in a config, for people to read. */
export interface ConfigField {
  /** As `--set` takes it. */
  readonly path: string;
  /** "integer", "text, one of …": in a few words. */
  readonly type: string;
  /** It has to be given. */
  readonly required: boolean;
  /** What it is when it is not given. */
  readonly default?: unknown;
  readonly description?: string;
}

/** The values that a schema of a config names, those of objects within it one by one. */
export function configFields(schema: JsonSchema): readonly ConfigField[] {
  return fieldsBelow(schema, [], true);
}

function fieldsBelow(schema: JsonSchema, above: readonly string[], needed: boolean): readonly ConfigField[] {
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  return members(schema).flatMap(([name, member]) => {
    const path = [...above, name];
    const must = needed && required.includes(name);
    if (members(member).length > 0 && member["default"] === undefined) return fieldsBelow(member, path, must);
    const { description } = member;
    return [
      {
        path: printConfigPath(path),
        type: typeText(member),
        required: must && member["default"] === undefined,
        ...(member["default"] === undefined ? {} : { default: member["default"] }),
        ...(typeof description === "string" ? { description } : {}),
      },
    ];
  });
}

function members({ properties }: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  if (!isRecord(properties)) return [];
  return Object.entries(properties).map(([name, member]) => [name, isRecord(member) ? member : {}]);
}

function typeText(schema: JsonSchema): string {
  const { type, enum: values, const: only, anyOf, items, format } = schema;
  if (schema["writeOnly"] === true) return "secret";
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(anyOf))
    return anyOf.map((one) => (isRecord(one) ? typeText(one) : "anything")).join(" | ");
  if (type === "array") return `list of ${isRecord(items) ? typeText(items) : "anything"}`;
  if (typeof type !== "string") return "anything";
  return typeof format === "string" ? `${type} (${format})` : type;
}
