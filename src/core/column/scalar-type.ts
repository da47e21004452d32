import type * as z from "zod";
import type { AnySchema } from "../schema.ts";
import type { ColumnType } from "./column.ts";
import { decimalOf } from "./decimal.ts";

/** Types that say nothing but their kind: one object each, however many columns have it. */
const plain = {
  varchar: { kind: "varchar" },
  boolean: { kind: "boolean" },
  date: { kind: "date" },
  time: { kind: "time" },
  timestamp: { kind: "timestamp" },
  uuid: { kind: "uuid" },
  blob: { kind: "blob" },
  float: { kind: "float" },
  double: { kind: "double" },
  integer: { kind: "integer" },
  uinteger: { kind: "uinteger" },
  safe_integer: { kind: "safe_integer" },
  bigint: { kind: "bigint" },
  ubigint: { kind: "ubigint" },
} as const satisfies Readonly<Record<string, ColumnType>>;

/** The formats of a schema: its own (z.int32(), z.uuid()) and those added as checks (z.number().int()). */
export function formatsOf(schema: AnySchema): FormatDef[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const found: FormatDef[] = [];
  if ("check" in def && "format" in def) found.push(def as unknown as FormatDef);
  for (const check of def.checks ?? []) {
    const added = check._zod.def;
    if ("format" in added) found.push(added as unknown as FormatDef);
  }
  return found;
}

/** As much of a format's definition as columns ask about. */
export interface FormatDef {
  readonly check: string;
  readonly format: string;
  readonly pattern?: RegExp;
  readonly local?: boolean;
  readonly offset?: boolean;
  readonly precision?: number | null;
}

/** The column type of a schema that is neither list nor struct; a string says in words why there is none. */
export function scalarType(schema: AnySchema): ColumnType | string {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if ("coerce" in def && def.coerce) return `z.coerce.${def.type}()`;
  switch (def.type) {
    case "string":
      return stringType(schema);
    case "number":
      return numberType(formatsOf(schema));
    case "bigint":
      return formatsOf(schema).some(({ format }) => format === "uint64") ? plain.ubigint : plain.bigint;
    case "boolean":
      return plain.boolean;
    case "date":
      return { kind: "timestamptz", as: "date" };
    case "enum":
    case "literal":
      return typeOfValues([...((schema as z.core.$ZodTypes)._zod.values ?? [])]);
    case "optional":
      return "optional (a column has a value or NULL: write .nullable())";
    case "union":
      return "a union";
    case "pipe":
    case "transform":
      return "a transform or pipe";
    case "catch":
      return "a schema with .catch()";
    case "template_literal":
      return "a template literal";
    default:
      return `z.${def.type}()`;
  }
}

function numberType(formats: readonly FormatDef[]): ColumnType {
  const has = (format: string): boolean => formats.some((found) => found.format === format);
  if (has("int32")) return plain.integer;
  if (has("uint32")) return plain.uinteger;
  if (has("safeint")) return plain.safe_integer;
  return has("float32") ? plain.float : plain.double;
}

function stringType(schema: AnySchema): ColumnType | string {
  const decimal = decimalOf(schema);
  if (decimal !== undefined) return { kind: "decimal", ...decimal };
  for (const { format, local, offset } of formatsOf(schema)) {
    switch (format) {
      case "date":
        return plain.date;
      case "time":
        return plain.time;
      case "datetime":
        if (local && offset) return "a datetime that may be local or have an offset";
        return local ? plain.timestamp : { kind: "timestamptz", as: "string" };
      case "uuid":
      case "guid":
        return plain.uuid;
      case "base64":
        return plain.blob;
      default:
    }
  }
  return plain.varchar;
}

function typeOfValues(values: readonly unknown[]): ColumnType | string {
  if (values.every((value) => typeof value === "string")) return plain.varchar;
  if (values.every((value) => typeof value === "boolean")) return plain.boolean;
  if (values.every((value) => Number.isSafeInteger(value))) return plain.safe_integer;
  return "a literal or enum of values that are not all strings, all whole numbers or all booleans";
}
