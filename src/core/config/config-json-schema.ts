import * as z from "zod";
import type { AnyObject } from "../schema.ts";
import { isClosed } from "./config-shape.ts";
import type { ConfigTaker, ConfigTakers } from "./run-config.ts";
import { isSecret } from "./secret.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What may be written in a config, for editors and forms. Secrets are `writeOnly` and of the format `password`. */
export function configJsonSchema(schema: AnyObject): JsonSchema {
  const { $schema: _, ...described } = z.core.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (isSecret(zodSchema)) Object.assign(jsonSchema, { writeOnly: true, format: "password" });
      if (isClosed(zodSchema)) jsonSchema.additionalProperties = false;
    },
  });
  return described;
}

/** The same for a whole document: `{ config, ops, assets, resources }`, each where something takes config. */
export function runConfigJsonSchema({ job, ...groups }: ConfigTakers): JsonSchema {
  const parts = Object.entries(groups).flatMap(([name, takers]): readonly Part[] => {
    const members = Array.from(takers, ([key, taker]) => partOf(key, taker)).flat();
    return members.length === 0
      ? []
      : [{ name, schema: objectOf(members), required: members.some(({ required }) => required) }];
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...objectOf([...(job === undefined ? [] : partOf("config", job)), ...parts]),
  };
}

interface Part {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

function partOf(name: string, { schema, needed }: ConfigTaker): readonly Part[] {
  if (schema === undefined) return [];
  const described = configJsonSchema(schema);
  return [{ name, schema: described, required: needed && isRequired(described) }];
}

/** One in which everything may be left away may be left away itself. */
function isRequired({ required }: JsonSchema): boolean {
  return Array.isArray(required) && required.length > 0;
}

function objectOf(parts: readonly Part[]): JsonSchema {
  const required = parts.flatMap((part) => (part.required ? [part.name] : []));
  return {
    type: "object",
    properties: Object.fromEntries(parts.map(({ name, schema }) => [name, schema])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}
