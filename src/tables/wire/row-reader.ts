import type { DuckDBDataChunk } from "@duckdb/node-api";
import type { ColumnType } from "../../core/column/column.ts";
import { quoteName } from "../../core/column/engine-type.ts";
import type { Row } from "../../ports/table-engine.ts";
import { rowIsFaulty } from "./faults-of-row.ts";
import type { FittedColumn } from "./fit.ts";
import { jsonText, plainText } from "./wire-text.ts";
import { unreachable } from "../../core/unreachable.ts";

/** The select list of a query whose rows are read with {@link rowsOfChunk}: the values, and whether the row is faulty. */
export function readableColumns(columns: readonly FittedColumn[]): string {
  const values = columns.map(
    ({ column, value }) => `${readable(value, column.type)} as ${quoteName(column.name)}`,
  );
  return [...values, `${rowIsFaulty(columns)} as "faulty"`].join(", ");
}

/** SQL for a value in a form whose JavaScript value is cheap and exact. */
function readable(value: string, type: ColumnType): string {
  switch (type.kind) {
    case "safe_integer":
    case "float":
    case "double":
      return `(cast(${value} as DOUBLE) + 0.0::DOUBLE)`;
    case "bigint":
      return `cast(${value} as BIGINT)`;
    case "ubigint":
      return `cast(${value} as UBIGINT)`;
    case "boolean":
    case "integer":
    case "uinteger":
    case "varchar":
      return value;
    case "timestamptz":
      return type.as === "date" ? `cast(epoch_ms(${value}) as DOUBLE)` : plainText(value, type);
    case "list":
    case "struct":
      return jsonText(value, type);
    case "decimal":
    case "date":
    case "time":
    case "timestamp":
    case "uuid":
    case "blob":
      return plainText(value, type);
  }
  return unreachable(type);
}

/** Rows as JavaScript values by the wire-format table; undefined when one of them is faulty. */
export function rowsOfChunk(chunk: DuckDBDataChunk, columns: readonly FittedColumn[]): Row[] | undefined {
  const rows: Record<string, unknown>[] = Array.from({ length: chunk.rowCount }, () => ({}));
  const faulty = chunk.getColumnVector(columns.length);
  for (let at = 0; at < rows.length; at += 1) if (faulty.getItem(at) === true) return undefined;
  for (const [index, { column }] of columns.entries()) {
    const vector = chunk.getColumnVector(index);
    const revive = reviverOf(column.type);
    for (const [at, row] of rows.entries()) {
      const item = vector.getItem(at);
      row[column.name] = item === null || revive === undefined ? item : revive(item);
    }
  }
  return rows;
}

function reviverOf(type: ColumnType): ((item: unknown) => unknown) | undefined {
  if (type.kind === "timestamptz" && type.as === "date") return (item) => new Date(item as number);
  if (type.kind === "list" || type.kind === "struct")
    return (item) => fromJson(JSON.parse(item as string), type);
  return undefined;
}

/** A value's JSON as its JavaScript value. */
export function fromJson(json: unknown, type: ColumnType): unknown {
  if (json === null) return null;
  switch (type.kind) {
    case "bigint":
    case "ubigint":
      return BigInt(json as string);
    case "timestamptz":
      return type.as === "date" ? new Date(json as string) : json;
    case "list":
      return (json as unknown[]).map((element) => fromJson(element, type.element.type));
    case "struct":
      return Object.fromEntries(
        type.fields.map((field) => [
          field.name,
          fromJson((json as Record<string, unknown>)[field.name], field.type),
        ]),
      );
    default:
      return json;
  }
}
