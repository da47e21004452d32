import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBEnumType,
  DuckDBListType,
  DuckDBStructType,
  DuckDBTypeId,
  type DuckDBType,
} from "@duckdb/node-api";
import type { Column, ColumnType } from "../../core/column/column.ts";
import { quoteName } from "../../core/column/engine-type.ts";

/** The type of a column as the engine reports it. */
export interface FoundType {
  /** As in messages, and equal to `engineType` of the column type that it is exactly. */
  readonly name: string;
  readonly kind: "plain" | "decimal" | "enum" | "list" | "struct";
  readonly width?: number;
  readonly scale?: number;
  readonly element?: FoundType;
  readonly fields?: readonly (readonly [string, FoundType])[];
}

export function foundType(type: DuckDBType): FoundType {
  if (type.alias === "JSON") return { name: "JSON", kind: "plain" };
  if (type instanceof DuckDBDecimalType) {
    return {
      name: `DECIMAL(${type.width},${type.scale})`,
      kind: "decimal",
      width: type.width,
      scale: type.scale,
    };
  }
  if (type instanceof DuckDBEnumType) return { name: "ENUM", kind: "enum" };
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    const element = foundType(type.valueType);
    const size = type instanceof DuckDBArrayType ? String(type.length) : "";
    return { name: `${element.name}[${size}]`, kind: "list", element };
  }
  if (type instanceof DuckDBStructType) {
    const fields = type.entryNames.map(
      (name, index) => [name, foundType(type.entryTypes[index] as DuckDBType)] as const,
    );
    const name = `STRUCT(${fields.map(([field, found]) => `${quoteName(field)} ${found.name}`).join(", ")})`;
    return { name, kind: "struct", fields };
  }
  if (type.typeId === DuckDBTypeId.SQLNULL) return { name: "NULL", kind: "plain" };
  return { name: String(type), kind: "plain" };
}

/**
 * The column of an answer whose author declared none: the type of the wire-format table that holds it without loss.
 * Whole numbers are JavaScript numbers, and fail the query beyond ±(2⁵³−1). Undefined for what the table does not hold.
 */
export function columnOfFound(name: string, found: FoundType): Column | undefined {
  const type = typeOfFound(found);
  return type && { name, type, nullable: true, rules: [] };
}

function typeOfFound(found: FoundType): ColumnType | undefined {
  if (found.kind === "decimal")
    return { kind: "decimal", precision: found.width ?? 38, scale: found.scale ?? 0 };
  if (found.kind === "enum") return { kind: "varchar" };
  if (found.element !== undefined) {
    const element = columnOfFound("element", found.element);
    return element && { kind: "list", element };
  }
  if (found.fields !== undefined) {
    const fields = found.fields.map(([name, type]) => columnOfFound(name, type));
    return fields.every((field) => field !== undefined) ? { kind: "struct", fields } : undefined;
  }
  return plainTypes[found.name];
}

const integer: ColumnType = { kind: "integer" };
const safeInteger: ColumnType = { kind: "safe_integer" };
const timestamp: ColumnType = { kind: "timestamp" };
const plainTypes: Readonly<Record<string, ColumnType>> = {
  VARCHAR: { kind: "varchar" },
  JSON: { kind: "varchar" },
  NULL: { kind: "varchar" },
  BOOLEAN: { kind: "boolean" },
  TINYINT: integer,
  SMALLINT: integer,
  INTEGER: integer,
  UTINYINT: integer,
  USMALLINT: integer,
  UINTEGER: { kind: "uinteger" },
  BIGINT: safeInteger,
  UBIGINT: safeInteger,
  HUGEINT: safeInteger,
  UHUGEINT: safeInteger,
  FLOAT: { kind: "float" },
  DOUBLE: { kind: "double" },
  DATE: { kind: "date" },
  TIME: { kind: "time" },
  TIMESTAMP: timestamp,
  TIMESTAMP_S: timestamp,
  TIMESTAMP_MS: timestamp,
  "TIMESTAMP WITH TIME ZONE": { kind: "timestamptz", as: "string" },
  UUID: { kind: "uuid" },
  BLOB: { kind: "blob" },
};
