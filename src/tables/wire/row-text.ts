import { text } from "../sql/literal.ts";
import type { FittedColumn } from "./fit.ts";
import { csvCell, isQuoted, jsonText, plainText } from "./wire-text.ts";

/** SQL for a row as a JSON object: one `concat` of as few pieces as there can be, for each is planned by itself. */
export function jsonRow(columns: readonly FittedColumn[]): string {
  const pieces: string[] = [];
  let fixed = "{";
  for (const [index, { column, value }] of columns.entries()) {
    fixed += `${index === 0 ? "" : ","}${JSON.stringify(column.name)}:`;
    const inQuotes = !column.nullable && isQuoted(column.type);
    if (inQuotes) fixed += '"';
    const json = inQuotes ? plainText(value, column.type) : jsonText(value, column.type);
    pieces.push(text(fixed), column.nullable ? `coalesce(${json}, 'null')` : json);
    fixed = inQuotes ? '"' : "";
  }
  return `concat(${[...pieces, text(`${fixed}}`)].join(", ")})`;
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
