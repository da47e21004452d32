import type * as z from "zod";
import { MillraceError } from "../errors.ts";
import type { AnyObject, AnySchema } from "../schema.ts";
import type { Column, ColumnRule, ColumnType } from "./column.ts";
import { rulesOf, type RuleFlaw } from "./column-rules.ts";
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
export function columnsOf(key: string, schema: AnyObject): { columns: Column[]; problems: MillraceError[] } {
  let reading = readings.get(schema);
  if (reading === undefined) {
    reading = read(schema);
    readings.set(schema, reading);
  }
  return { columns: [...reading.columns], problems: reading.flaws.map((flaw) => problemOf(key, flaw)) };
}

function problemOf(key: string, { column, type, rule }: Flaw): MillraceError {
  return type === undefined
    ? new MillraceError("COLUMN_RULE_UNSUPPORTED", { key, column, rule: rule ?? "?" })
    : new MillraceError("COLUMN_TYPE_UNSUPPORTED", { key, column, type });
}

function read(schema: AnyObject): Reading {
  const flaws: Flaw[] = [];
  return { columns: fieldsOf(schema, "", flaws), flaws };
}

function fieldsOf(schema: AnyObject, path: string, flaws: Flaw[]): Column[] {
  const { shape, catchall, checks } = schema._zod.def;
  const whole = path === "" ? "(the whole row)" : path;
  if (catchall !== undefined && catchall._zod.def.type !== "never") {
    flaws.push({ column: whole, type: "an object with a catchall" });
  }
  // What is said of an object as a whole (.refine) spans columns, so it is a check, not a column's rule.
  if (checks !== undefined && checks.length > 0) flaws.push({ column: whole, rule: "refine" });

  const columns: Column[] = [];
  const seen = new Map<string, string>();
  for (const name in shape) {
    const at = path === "" ? name : `${path}.${name}`;
    const flaw = nameFlaw(name, seen);
    if (flaw !== undefined) flaws.push({ column: at, type: flaw });
    const column = columnOf(name, shape[name] as AnySchema, at, flaws);
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

function columnOf(name: string, schema: AnySchema, path: string, flaws: Flaw[]): Column | undefined {
  let current = schema;
  let nullable = false;
  const rules: ColumnRule[] = [];
  const add = (found: { rules: readonly ColumnRule[]; flaws: readonly RuleFlaw[] }): void => {
    rules.push(...found.rules);
    for (const rule of found.flaws) flaws.push({ column: path, rule });
  };
  for (;;) {
    const { def } = (current as z.core.$ZodTypes)._zod;
    switch (def.type) {
      case "nullable":
        nullable = true;
        current = def.innerType;
        continue;
      // Defaults fill in what is absent, readonly freezes what is read: neither changes what a column holds.
      case "default":
      case "prefault":
      case "readonly":
        current = def.innerType;
        continue;
      case "union": {
        const others = def.options.filter((option) => !isNull(option));
        const [only] = others;
        if (others.length === 1 && others.length < def.options.length && only !== undefined) {
          nullable = true;
          current = only;
          continue;
        }
        break;
      }
      case "array": {
        const element = columnOf("element", def.element, `${path}[]`, flaws);
        add(rulesOf(current));
        return element && { name, type: { kind: "list", element }, nullable, rules };
      }
      case "object": {
        const fields = fieldsOf(current as AnyObject, path, flaws);
        return { name, type: { kind: "struct", fields }, nullable, rules };
      }
      default:
        break;
    }
    const type: ColumnType | string = scalarType(current);
    if (typeof type === "string") {
      flaws.push({ column: path, type });
      return undefined;
    }
    add(rulesOf(current));
    return { name, type, nullable, rules };
  }
}

function isNull(schema: AnySchema): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === "null" || (def.type === "literal" && def.values.length === 1 && def.values[0] === null);
}
