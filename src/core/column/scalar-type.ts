import type * as z from "zod";
import type { AnySchema } from "../schema.ts";
import type { ColumnType } from "./column.ts";
import { decimalOf } from "./decimal.ts";

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
      return { kind: formatsOf(schema).some(({ format }) => format === "uint64") ? "ubigint" : "bigint" };
    case "boolean":
      return { kind: "boolean" };
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
  if (has("int32")) return { kind: "integer" };
  if (has("uint32")) return { kind: "uinteger" };
  if (has("safeint")) return { kind: "safe_integer" };
  return { kind: has("float32") ? "float" : "double" };
}

function stringType(schema: AnySchema): ColumnType | string {
  const decimal = decimalOf(schema);
  if (decimal !== undefined) return { kind: "decimal", ...decimal };
  for (const { format, local, offset } of formatsOf(schema)) {
    switch (format) {
      case "date":
        return { kind: "date" };
      case "time":
        return { kind: "time" };
      case "datetime":
        if (local && offset) return "a datetime that may be local or have an offset";
        return local ? { kind: "timestamp" } : { kind: "timestamptz", as: "string" };
      case "uuid":
      case "guid":
        return { kind: "uuid" };
      case "base64":
        return { kind: "blob" };
      default:
    }
  }
  return { kind: "varchar" };
}

function typeOfValues(values: readonly unknown[]): ColumnType | string {
  if (values.every((value) => typeof value === "string")) return { kind: "varchar" };
  if (values.every((value) => typeof value === "boolean")) return { kind: "boolean" };
  if (values.every((value) => Number.isSafeInteger(value))) return { kind: "safe_integer" };
  return "a literal or enum of values that are not all strings, all whole numbers or all booleans";
}
