import { text } from "../sql/literal.ts";
import type { FittedColumn } from "./fit.ts";
import { csvCell, jsonText } from "./wire-text.ts";

/** SQL for a row as a JSON object. */
export function jsonRow(columns: readonly FittedColumn[]): string {
  const pieces = columns.flatMap(({ column, value }, index) => {
    const json = jsonText(value, column.type);
    return [
      text(`${index === 0 ? "{" : ","}${JSON.stringify(column.name)}:`),
      column.nullable ? `coalesce(${json}, 'null')` : json,
    ];
  });
  return `concat(${[...pieces, "'}'"].join(", ")})`;
}

/** SQL for a row as a line of CSV, CRLF at its end. */
export function csvRow(columns: readonly FittedColumn[]): string {
  const pieces = columns.flatMap(({ column, value }, index) => {
    const cell = csvCell(value, column.type);
    return index === 0 ? [cell] : ["','", cell];
  });
  return `concat(${[...pieces, "chr(13)", "chr(10)"].join(", ")})`;
}

/** The first line of a CSV. */
export function csvHeader(columns: readonly FittedColumn[]): string {
  const names = columns.map(({ column: { name } }) =>
    /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name,
  );
  return `${names.join(",")}\r\n`;
}
