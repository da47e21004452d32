import * as z from "zod";
import type { AnyObject, AnySchema } from "../schema.ts";
import type { Template } from "./graph-data.ts";

/**
 * What is known to be wrong with what a call gives, before there is a value for its refs: fields that are missing, and
 * values that do not fit. Undefined where nothing is.
 */
export function givenFlaw(schema: AnyObject, given: Template): string | undefined {
  const fields = fieldsOf(given);
  if (fields === undefined) return given.template === "value" ? flawOf(schema, given.value, []) : undefined;
  const flaws = Object.entries(schema._zod.def.shape).flatMap(([name, field]) => {
    const part = fields[name];
    if (part !== undefined && part.template !== "value") return [];
    return flawOf(field, part?.value, [name]) ?? [];
  });
  return flaws.length === 0 ? undefined : flaws.join("; ");
}

function fieldsOf(given: Template): Readonly<Record<string, Template>> | undefined {
  if (given.template === "record") return given.fields;
  const value = given.template === "value" ? given.value : undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields = Object.entries(value).map(
    ([name, of]) => [name, { template: "value", value: of as unknown }] as const,
  );
  return Object.fromEntries(fields);
}

function flawOf(schema: AnySchema, value: unknown, at: readonly string[]): string | undefined {
  try {
    const { error } = z.core.safeParse(schema, value);
    return error?.issues
      .map(({ path, message }) =>
        [[...at, ...path].map(String).join("."), message].filter(Boolean).join(": "),
      )
      .join("; ");
  } catch {
    // It takes a promise to tell, or the schema throws: the step will say so.
    return undefined;
  }
}
