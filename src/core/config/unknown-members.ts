import * as z from "zod";
import type { MillraceError } from "../errors.ts";
import { isPlainObject } from "../plain-object.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import { fieldUnknown } from "./config-mistakes.ts";
import { below, type ConfigPath, type ConfigSegment } from "./config-path.ts";
import { alternatives, isClosed, memberNames, schemasBelow, type Narrow } from "./config-shape.ts";
import { isReference } from "./variables.ts";

/** Members that no schema names: zod would leave them out without a word, and a typing error would never be found. */
export function unknownMembers(schema: AnyObject, config: unknown, where: string): readonly MillraceError[] {
  const lookAt = (
    schemas: readonly AnySchema[],
    value: unknown,
    path: ConfigPath,
  ): readonly MillraceError[] => {
    const narrow = firstFitting(value);
    const inside = (item: unknown, segment: ConfigSegment): readonly MillraceError[] =>
      lookAt(schemasBelow(schemas, segment, narrow), item, [...path, segment]);
    if (Array.isArray(value)) return value.flatMap(inside);
    if (!isPlainObject(value) || isReference(value)) return [];
    const possible = alternatives(schemas, narrow);
    const known = possible.length > 0 && possible.every(isClosed) ? memberNames(possible) : undefined;
    return Object.entries(value).flatMap(([name, item]) =>
      known === undefined || known.includes(name)
        ? inside(item, name)
        : [fieldUnknown(below(where, path), name, known)],
    );
  };
  return lookAt([schema], config, []);
}

/** Of alternatives that one counts which zod takes: the first that the value fits. Where none does, all do. */
function firstFitting(value: unknown): Narrow {
  return (options) => {
    const fitting = options.find((option) => fits(option, value));
    return fitting === undefined ? options : [fitting];
  };
}

function fits(schema: AnySchema, value: unknown): boolean {
  try {
    return z.core.safeParse(schema, value).success;
  } catch {
    // Told when the whole is parsed.
    return false;
  }
}
