import type { Column, ColumnType } from "../../core/column/column.ts";
import { engineType } from "../../core/column/engine-type.ts";
import type { FoundType } from "./found-type.ts";
import { eachElement, eachField } from "./nested-sql.ts";
import { unreachable } from "../../core/unreachable.ts";

/**
 * - `result`: an answer or a step's result, whose author can write a cast where one is meant
 * - `external`: a file that somebody else wrote; text is parsed, zone-less times are UTC, whole numbers may narrow
 */
export type ConversionMode = "result" | "external";

/**
 * Turns SQL for a value of the type found into SQL for one of the type wanted. Never rounds; overflow fails the query.
 * `depth` counts the lambdas around it.
 */
export type Conversion = (value: string, depth?: number) => string;

const integers = "TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT".split(
  " ",
);
const as: (type: ColumnType) => Conversion = (type) => (value) => `cast(${value} as ${engineType(type)})`;
const same: Conversion = (value) => value;

/** How to get from one to the other; undefined where that would lose or invent something. */
export function conversion(
  found: FoundType,
  wanted: ColumnType,
  mode: ConversionMode,
): Conversion | undefined {
  if (found.name === engineType(wanted)) return same;
  if (found.name === "NULL") return as(wanted);
  if (wanted.kind === "list") return listConversion(found, wanted.element, mode);
  if (wanted.kind === "struct") return structConversion(found, wanted.fields, mode);
  return scalarConversion(found, wanted, mode);
}

function scalarConversion(
  found: FoundType,
  wanted: ColumnType,
  mode: ConversionMode,
): Conversion | undefined {
  const external = mode === "external";
  if (external && found.name === "VARCHAR" && wanted.kind !== "blob")
    return wanted.kind === "timestamp" ? inUtc : as(wanted);
  const integer = integers.includes(found.name);
  switch (wanted.kind) {
    case "varchar":
      return found.kind === "enum" || found.name === "JSON" ? as(wanted) : undefined;
    case "integer":
    case "uinteger":
    case "safe_integer":
    case "bigint":
    case "ubigint":
      if (integer) return as(wanted);
      if (found.kind === "decimal" && found.scale === 0) return as(wanted);
      return external && (found.name === "DOUBLE" || found.name === "FLOAT")
        ? wholeNumber(wanted)
        : undefined;
    case "float":
      return ["TINYINT", "SMALLINT", "UTINYINT", "USMALLINT"].includes(found.name) || (external && integer)
        ? as(wanted)
        : undefined;
    case "double":
      return integer || found.kind === "decimal" || found.name === "FLOAT" ? as(wanted) : undefined;
    case "decimal":
      if (found.kind !== "decimal") return integer ? as(wanted) : undefined;
      return (found.scale ?? 0) <= wanted.scale ? as(wanted) : undefined;
    case "timestamp":
      if (["DATE", "TIMESTAMP_S", "TIMESTAMP_MS"].includes(found.name)) return as(wanted);
      return external && found.name === "TIMESTAMP WITH TIME ZONE" ? as(wanted) : undefined;
    case "timestamptz":
      return external && ["DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS"].includes(found.name)
        ? as(wanted)
        : undefined;
    case "date":
      return external && found.name.startsWith("TIMESTAMP") ? midnight : undefined;
    case "uuid":
    case "blob":
    case "boolean":
    case "time":
    case "list":
    case "struct":
      return undefined;
  }
  return unreachable(wanted);
}

/** A number without a fraction; any other fails the query rather than being rounded. */
const wholeNumber =
  (wanted: ColumnType): Conversion =>
  (value) =>
    `case when ${value} is null then null when ${value} = trunc(${value}) then cast(${value} as ${engineType(wanted)}) ` +
    `else error(concat('the number ', ${value}, ' is not whole')) end`;

/** A date stored as a timestamp; one with a time of day fails the query rather than losing it. */
const midnight: Conversion = (value) =>
  `case when ${value} is null then null when ${value} = date_trunc('day', ${value}) then cast(${value} as DATE) ` +
  `else error(concat('the timestamp ', ${value}, ' is not a date')) end`;

/** Text of a date and time. Without a zone it stays what it is; with one it becomes UTC, where a cast would drop the zone. */
const inUtc: Conversion = (value) => `cast(cast(${value} as TIMESTAMPTZ) as TIMESTAMP)`;

function listConversion(found: FoundType, element: Column, mode: ConversionMode): Conversion | undefined {
  if (found.element === undefined) return undefined;
  const inner = conversion(found.element, element.type, mode);
  if (inner === undefined) return undefined;
  const list: Conversion = (value) => `cast(${value} as ${found.element?.name ?? ""}[])`;
  if (inner === same) return found.name.endsWith("[]") ? same : list;
  return (value, depth = 0) => eachElement(value, depth, inner);
}

function structConversion(
  found: FoundType,
  fields: readonly Column[],
  mode: ConversionMode,
): Conversion | undefined {
  if (found.fields === undefined || found.fields.length !== fields.length) return undefined;
  const inner = new Map<string, Conversion>();
  for (const field of fields) {
    const type = found.fields.find(([name]) => name === field.name)?.[1];
    const converted = type === undefined ? undefined : conversion(type, field.type, mode);
    if (converted === undefined) return undefined;
    inner.set(field.name, converted);
  }
  return (value, depth = 0) =>
    eachField(value, fields, (field, { name }) => inner.get(name)?.(field, depth) ?? field);
}
