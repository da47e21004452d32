import type * as z from "zod";
import { MillraceError } from "../errors.ts";
import { schema as anySchema } from "../option-rules.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import type { Column, ColumnType } from "./column.ts";
import { rulesOf } from "./column-rules.ts";
import { scalarType } from "./scalar-type.ts";

/** What a schema has that no column can hold, before it is known whose schema it is. */
interface Flaw {
  readonly column: string;
  readonly type?: string;
  readonly rule?: string;
}

interface Reading {
  readonly columns: readonly Column[];
  readonly flaws: readonly Flaw[];
}

/** Schemas are immutable and often shared (an asset's row is an endpoint's answer), so each is read once. */
const readings = new WeakMap<AnyObject, Reading>();

/**
 * The columns that a schema declares, by the wire-format table. Everything that no column can hold is reported, not
 * only the first thing; the columns are then those that could be read.
 *
 * @param key whose columns these are, for the messages
 */
export function columnsOf(
  key: string,
  schema: AnyObject,
): { columns: readonly Column[]; problems: readonly MillraceError[] } {
  let reading = readings.get(schema);
  if (reading === undefined) {
    reading = read(schema);
    readings.set(schema, reading);
  }
  return { columns: reading.columns, problems: reading.flaws.map((flaw) => problemOf(key, flaw)) };
}

function problemOf(key: string, { column, type, rule }: Flaw): MillraceError {
  return type === undefined
    ? new MillraceError("COLUMN_RULE_UNSUPPORTED", { key, column, rule: rule ?? "?" })
    : new MillraceError("COLUMN_TYPE_UNSUPPORTED", { key, column, type });
}

function read(schema: AnyObject): Reading {
  const flaws: Flaw[] = [];
  return { columns: fieldsOf(schema, "", { flaws, around: [] }), flaws };
}

/** Where the reading stands: what was found so far, and the objects that it is inside of. */
interface Progress {
  readonly flaws: Flaw[];
  readonly around: readonly AnyObject[];
}

function fieldsOf(schema: AnyObject, path: string, { flaws, around }: Progress): Column[] {
  const { shape, catchall, checks } = schema._zod.def;
  const whole = path === "" ? "(the whole row)" : path;
  if (around.includes(schema)) {
    flaws.push({ column: whole, type: "an object that holds another of its kind" });
    return [];
  }
  if (catchall !== undefined && catchall._zod.def.type !== "never") {
    flaws.push({ column: whole, type: "an object with a catchall" });
  }
  // What is said of an object as a whole (.refine) spans columns, so it is a check, not a column's rule.
  if (checks !== undefined && checks.length > 0) flaws.push({ column: whole, rule: "refine" });

  const inside: Progress = { flaws, around: [...around, schema] };
  const columns: Column[] = [];
  const seen = new Map<string, string>();
  for (const name in shape) {
    const at = path === "" ? name : `${path}.${name}`;
    const flaw = nameFlaw(name, seen);
    if (flaw !== undefined) flaws.push({ column: at, type: flaw });
    const column = columnOf(name, shape[name] as AnySchema, at, inside);
    if (column !== undefined && flaw === undefined) columns.push(column);
  }
  if (seen.size === 0) flaws.push({ column: whole, type: "an object without fields" });
  return columns;
}

/** Names in SQL do not tell upper from lower case, so two columns may not differ in that alone. */
function nameFlaw(name: string, seen: Map<string, string>): string | undefined {
  const twin = seen.get(name.toLowerCase());
  seen.set(name.toLowerCase(), name);
  if (twin !== undefined) return `named like ${twin} but for upper and lower case`;
  if (name === "" || name === "__proto__" || name.includes("\0")) return "named in a way no column can be";
  return undefined;
}

function columnOf(name: string, schema: AnySchema, path: string, progress: Progress): Column | undefined {
  const { core, nullable, wrappers } = unwrapped(schema);
  if (!isSchema(core)) {
    progress.flaws.push({ column: path, type: core === undefined ? "undefined" : "no schema of zod 4" });
    return undefined;
  }
  const type = typeOf(core, path, progress);
  // An object has told of its own already.
  const { rules, flaws } = rulesOf(core._zod.def.type === "object" ? wrappers : [core, ...wrappers]);
  for (const rule of flaws) progress.flaws.push({ column: path, rule });
  return type && { name, type, nullable, rules };
}

function typeOf(schema: AnySchema, path: string, progress: Progress): ColumnType | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "array": {
      const element = columnOf("element", def.element, `${path}[]`, progress);
      return element && { kind: "list", element };
    }
    case "object":
      return { kind: "struct", fields: fieldsOf(schema as AnyObject, path, progress) };
    default: {
      const type = scalarType(schema);
      if (typeof type !== "string") return type;
      progress.flaws.push({ column: path, type });
      return undefined;
    }
  }
}

/** A schema without what says only that there may be nothing in it, or what then takes its place. */
interface Unwrapped {
  readonly core: AnySchema;
  readonly nullable: boolean;
  /** Those taken off, which may have rules of their own: `z.string().nullable().refine(…)`. */
  readonly wrappers: readonly AnySchema[];
}

const noWrappers: readonly AnySchema[] = [];

function unwrapped(schema: AnySchema): Unwrapped {
  const inner = innerOf(schema);
  if (inner === undefined) return { core: schema, nullable: false, wrappers: noWrappers };
  const { core, nullable, wrappers } = unwrapped(inner.schema);
  const ruled = (schema._zod.def.checks ?? []).length > 0;
  return {
    core,
    nullable: nullable || inner.nullable,
    wrappers: ruled ? [...wrappers, schema] : wrappers,
  };
}

/** What a module gives that is still being loaded is undefined, whatever its type says. */
function isSchema(candidate: AnySchema | undefined): candidate is AnySchema {
  return anySchema.fits(candidate);
}

function innerOf(schema: AnySchema): { readonly schema: AnySchema; readonly nullable: boolean } | undefined {
  if (!isSchema(schema)) return undefined;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "nullable":
      return { schema: def.innerType, nullable: true };
    // Defaults fill in what is absent, readonly freezes what is read: neither changes what a column holds.
    case "default":
    case "prefault":
    case "readonly":
      return { schema: def.innerType, nullable: false };
    case "union": {
      const [only, ...others] = def.options.filter((option) => !isNull(option));
      const isNullable = only !== undefined && others.length === 0 && def.options.length > 1;
      return isNullable ? { schema: only, nullable: true } : undefined;
    }
    default:
      return undefined;
  }
}

function isNull(schema: AnySchema): boolean {
  if (!isSchema(schema)) return false;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === "null" || (def.type === "literal" && def.values.length === 1 && def.values[0] === null);
}
