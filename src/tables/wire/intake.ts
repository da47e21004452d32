import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  FLOAT,
  INTEGER,
  UBIGINT,
  UINTEGER,
  VARCHAR,
  type DuckDBType,
} from "@duckdb/node-api";
import type { Column, ColumnType } from "../../core/column/column.ts";
import { engineType } from "../../core/column/engine-type.ts";
import { isDateText, isDecimalText, isLocalText, isTimeText, isInstantText } from "./iso-text.ts";
import { eachElement, eachField } from "./nested-sql.ts";
import { stored } from "./stored.ts";

/** How values from TypeScript get into a column: first into one of an intermediate type, then by SQL into the file. */
export interface Intake {
  readonly type: DuckDBType;
  /** In words, what a value has to be. */
  readonly wants: string;
  /** The value for the intermediate column; undefined when it is not one that the column takes. */
  readonly take: (value: unknown) => { readonly value: unknown } | undefined;
  readonly stored: (value: string) => string;
}

export function intakeOf(column: Column): Intake {
  const { type, wants } = kinds[column.type.kind];
  return {
    type,
    wants: `${wants}${column.nullable ? " or null" : ""}`,
    take: (value) => taken(value, column),
    stored: (value) => stored(fromIntake(value, column.type), column.type),
  };
}

const kinds: Readonly<Record<ColumnType["kind"], { readonly type: DuckDBType; readonly wants: string }>> = {
  varchar: { type: VARCHAR, wants: "a string (of whole characters)" },
  boolean: { type: BOOLEAN, wants: "a boolean" },
  integer: { type: INTEGER, wants: "a whole number of 32 bits" },
  uinteger: { type: UINTEGER, wants: "a whole number of 32 bits from 0" },
  safe_integer: { type: BIGINT, wants: "a whole number within ±(2^53-1)" },
  bigint: { type: BIGINT, wants: "a bigint of 64 bits" },
  ubigint: { type: UBIGINT, wants: "a bigint of 64 bits from 0" },
  float: { type: FLOAT, wants: "a number that is neither NaN nor infinite" },
  double: { type: DOUBLE, wants: "a number that is neither NaN nor infinite" },
  decimal: { type: VARCHAR, wants: "a string of digits that fits without rounding" },
  date: { type: VARCHAR, wants: "a string YYYY-MM-DD" },
  time: { type: VARCHAR, wants: "a string HH:MM:SS" },
  timestamp: { type: VARCHAR, wants: "a string YYYY-MM-DDTHH:MM:SS without a zone" },
  timestamptz: {
    type: VARCHAR,
    wants: "an instant (a string ending in Z, or a Date where the schema says z.date())",
  },
  uuid: { type: VARCHAR, wants: "a UUID" },
  blob: { type: VARCHAR, wants: "a base64 string" },
  list: { type: VARCHAR, wants: "an array of what its elements take" },
  struct: { type: VARCHAR, wants: "an object with what its fields take" },
};

function taken(value: unknown, column: Column): { readonly value: unknown } | undefined {
  if (value === null) return column.nullable ? { value } : undefined;
  const { type } = column;
  switch (type.kind) {
    case "safe_integer":
      return Number.isSafeInteger(value) ? { value: BigInt(value as number) } : undefined;
    case "list":
    case "struct": {
      const json = jsonValue(value, type);
      return json === undefined ? undefined : { value: JSON.stringify(json.value) };
    }
    default:
      return scalar(value, type) ? { value: writtenText(value, type) } : undefined;
  }
}

/** A value in the form in which the engine reads it back: an instant as text, a time with its seconds. */
function writtenText(value: unknown, type: ColumnType): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "string") return value;
  const timed = type.kind === "time" || type.kind === "timestamp" || type.kind === "timestamptz";
  return timed ? value.replace(/^(.*T)?(\d\d:\d\d)(?!:\d\d)/, "$1$2:00") : value;
}

function scalar(value: unknown, type: ColumnType): boolean {
  if (type.kind === "timestamptz" && type.as === "date") {
    return value instanceof Date && isInstantText(Number.isNaN(value.getTime()) ? "" : value.toISOString());
  }
  switch (typeof value) {
    case "boolean":
      return type.kind === "boolean";
    case "bigint":
      if (type.kind === "bigint") return BigInt.asIntN(64, value) === value;
      return type.kind === "ubigint" && BigInt.asUintN(64, value) === value;
    case "number":
      return number(value, type);
    case "string":
      return text(value, type);
    default:
      return false;
  }
}

function number(value: number, type: ColumnType): boolean {
  switch (type.kind) {
    case "safe_integer":
      return Number.isSafeInteger(value);
    case "integer":
      return value === Math.trunc(value) && value >= -(2 ** 31) && value < 2 ** 31;
    case "uinteger":
      return value === Math.trunc(value) && value >= 0 && value < 2 ** 32;
    case "float":
      return Number.isFinite(Math.fround(value));
    case "double":
      return Number.isFinite(value);
    default:
      return false;
  }
}

function text(value: string, type: ColumnType): boolean {
  switch (type.kind) {
    case "varchar":
      // Half of a surrogate pair is no character, and would come back as another one.
      return value.isWellFormed();
    case "decimal":
      return isDecimalText(value, type);
    case "date":
      return isDateText(value);
    case "time":
      return isTimeText(value);
    case "timestamp":
      return isLocalText(value);
    case "timestamptz":
      return isInstantText(value);
    case "uuid":
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
    case "blob":
      return Buffer.from(value, "base64").toString("base64") === value;
    default:
      return false;
  }
}

/** A nested value as JSON that the engine reads back; undefined when something in it does not fit. */
function jsonValue(value: unknown, type: ColumnType): { readonly value: unknown } | undefined {
  if (type.kind === "list") {
    if (!Array.isArray(value)) return undefined;
    const elements = value.map((element) => jsonColumn(element, type.element));
    return elements.every((element) => element !== undefined)
      ? { value: elements.map((element) => element.value) }
      : undefined;
  }
  if (type.kind === "struct") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    if (Object.keys(value).length > type.fields.length) return undefined;
    const entries: [string, unknown][] = [];
    for (const field of type.fields) {
      const taken = jsonColumn((value as Record<string, unknown>)[field.name], field);
      if (taken === undefined) return undefined;
      entries.push([field.name, taken.value]);
    }
    return { value: Object.fromEntries(entries) };
  }
  if (!scalar(value, type)) return undefined;
  return {
    value: typeof value === "bigint" ? String(value) : writtenText(value, type),
  };
}

function jsonColumn(value: unknown, column: Column): { readonly value: unknown } | undefined {
  if (value === null) return column.nullable ? { value } : undefined;
  return jsonValue(value, column.type);
}

/** SQL from the intermediate value to the column's type. */
function fromIntake(value: string, type: ColumnType): string {
  switch (type.kind) {
    case "decimal":
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
    case "uuid":
      return `cast(${value} as ${engineType(type)})`;
    case "blob":
      return `from_base64(${value})`;
    case "list":
    case "struct":
      return withBlobs(`cast(cast(${value} as JSON) as ${engineType(jsonType(type))})`, type, 0);
    default:
      return value;
  }
}

/** The type that is read from JSON: bytes come as text and are decoded afterwards. */
function jsonType(type: ColumnType): ColumnType {
  if (type.kind === "blob") return { kind: "varchar" };
  if (type.kind === "list")
    return { kind: "list", element: { ...type.element, type: jsonType(type.element.type) } };
  if (type.kind !== "struct") return type;
  return { kind: "struct", fields: type.fields.map((field) => ({ ...field, type: jsonType(field.type) })) };
}

function withBlobs(value: string, type: ColumnType, depth: number): string {
  if (!holdsBlobs(type)) return value;
  switch (type.kind) {
    case "blob":
      return `from_base64(${value})`;
    case "list":
      return eachElement(value, depth, (element, inner) => withBlobs(element, type.element.type, inner));
    case "struct":
      return eachField(value, type.fields, (field, column) => withBlobs(field, column.type, depth));
    default:
      return value;
  }
}

function holdsBlobs(type: ColumnType): boolean {
  if (type.kind === "list") return holdsBlobs(type.element.type);
  if (type.kind === "struct") return type.fields.some((field) => holdsBlobs(field.type));
  return type.kind === "blob";
}
