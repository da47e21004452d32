import { isPlainObject } from "../plain-object.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import type * as z from "zod";
import type { ConfigPath, ConfigSegment } from "./config-path.ts";

/** Which alternatives of a union are looked at. */
export type Narrow = (options: readonly AnySchema[]) => readonly AnySchema[];
const all: Narrow = (options) => options;

/** The schemas that may describe one value: what is wrapped around them is taken off, alternatives stand side by side. */
export function alternatives(
  schemas: readonly AnySchema[],
  narrow: Narrow = all,
  seen: Set<AnySchema> = new Set(),
): readonly AnySchema[] {
  return schemas.flatMap((schema): readonly AnySchema[] => {
    if (seen.has(schema)) return [];
    seen.add(schema);
    const inner = wrapped(schema, narrow);
    return inner === undefined ? [schema] : alternatives(inner, narrow, seen);
  });
}

function wrapped(schema: AnySchema, narrow: Narrow): readonly AnySchema[] | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "union") return narrow(def.options);
  if (def.type === "intersection") return [def.left, def.right];
  // What is given is the input, unless it is made into it first (z.preprocess).
  if (def.type === "pipe") return [def.in._zod.def.type === "transform" ? def.out : def.in];
  if (def.type === "lazy") return [def.getter()];
  return "innerType" in def ? [def.innerType] : undefined;
}

/** The schemas of a member or an item. None where nothing is known of it. */
export function schemasBelow(
  schemas: readonly AnySchema[],
  segment: ConfigSegment,
  narrow: Narrow = all,
): readonly AnySchema[] {
  return alternatives(schemas, narrow).flatMap((schema): readonly AnySchema[] => {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (typeof segment === "number") {
      if (def.type === "array") return [def.element];
      if (def.type === "tuple") return [def.items[segment] ?? def.rest ?? []].flat();
      return [];
    }
    if (def.type === "record") return [def.valueType];
    if (def.type !== "object") return [];
    const own = Object.hasOwn(def.shape, segment) ? def.shape[segment] : undefined;
    return own !== undefined ? [own] : def.catchall === undefined ? [] : [def.catchall];
  });
}

/** Whether an object takes only the members that it names. Where zod would leave others out, a config is mistaken. */
export function isClosed(schema: AnySchema): schema is AnyObject {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === "object" && (def.catchall === undefined || def.catchall._zod.def.type === "never");
}

/** The members that objects among the schemas name. */
export function memberNames(schemas: readonly AnySchema[]): readonly string[] {
  return schemas.flatMap((schema) => {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    return def.type === "object" ? Object.keys(def.shape) : [];
  });
}

/** Gives what stands in a place instead; undefined looks inside. */
type Change = (
  schemas: readonly AnySchema[],
  value: unknown,
  path: ConfigPath,
) => { readonly instead: unknown } | undefined;

/** A config beside its schema, with other values in some places. */
export function changedConfig(
  schemas: readonly AnySchema[],
  value: unknown,
  change: Change,
  path: ConfigPath = [],
): unknown {
  const changed = change(schemas, value, path);
  if (changed !== undefined) return changed.instead;
  const inside = (item: unknown, segment: ConfigSegment): unknown =>
    changedConfig(schemasBelow(schemas, segment), item, change, [...path, segment]);
  if (Array.isArray(value)) return value.map(inside);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inside(item, name)]));
}
