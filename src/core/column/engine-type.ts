import type { ColumnType } from "./column.ts";
import { unreachable } from "../unreachable.ts";

/** The engine's name of a column type; equal names are equal types, so it also serves to compare and to hash. */
export function engineType(type: ColumnType): string {
  switch (type.kind) {
    case "varchar":
      return "VARCHAR";
    case "boolean":
      return "BOOLEAN";
    case "integer":
      return "INTEGER";
    case "uinteger":
      return "UINTEGER";
    case "safe_integer":
    case "bigint":
      return "BIGINT";
    case "ubigint":
      return "UBIGINT";
    case "float":
      return "FLOAT";
    case "double":
      return "DOUBLE";
    case "decimal":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "date":
      return "DATE";
    case "time":
      return "TIME";
    case "timestamp":
      return "TIMESTAMP";
    case "timestamptz":
      return "TIMESTAMP WITH TIME ZONE";
    case "uuid":
      return "UUID";
    case "blob":
      return "BLOB";
    case "list":
      return `${engineType(type.element.type)}[]`;
    case "struct":
      return `STRUCT(${type.fields.map(({ name, type }) => `${quoteName(name)} ${engineType(type)}`).join(", ")})`;
  }
  return unreachable(type);
}

/** A name as a quoted identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
