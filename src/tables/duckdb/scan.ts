import type { DuckDBConnection } from "@duckdb/node-api";
import type { TablePart } from "../../ports/table-engine.ts";
import { text } from "../sql/literal.ts";
import { foundType, type FoundType } from "../wire/found-type.ts";

export type ExternalPart = Extract<TablePart, { part: "external" }>;

export type RowsPart = Extract<TablePart, { part: "rows" }>;

/** The files of versions in which a part lies. */
export function filesOfPart(part: Exclude<TablePart, ExternalPart>): readonly string[] {
  return part.part === "rows" ? [part.file] : part.files;
}

/** SQL that reads files of one schema. */
export function parquetScan(files: readonly string[]): string {
  return `read_parquet([${files.map(fileName).join(", ")}], hive_partitioning = false)`;
}

/** SQL that reads some rows of such a file, by their places in it. Row groups in which none of them lies are skipped. */
export function rowsScan({ file, from, to }: RowsPart): string {
  return `${parquetScan([file])} where file_row_number >= ${from} and file_row_number < ${to}`;
}

/**
 * SQL that reads a file which somebody else made. All of a CSV is text.
 *
 * @param typed a column of a CSV that the engine is to parse itself
 */
export function externalScan(
  { format, path, header = true }: ExternalPart,
  typed?: { readonly column: string; readonly type: string },
): string {
  if (format === "parquet") return parquetScan([path]);
  const types = typed === undefined ? "" : `, types = {${text(typed.column)}: ${text(typed.type)}}`;
  return `read_csv(${fileName(path)}, header = ${header}, all_varchar = true, hive_partitioning = false${types})`;
}

/** The columns of what SQL can select from. */
export async function describe(connection: DuckDBConnection, from: string): Promise<Map<string, FoundType>> {
  const statement = await connection.prepare(`select * from ${from}`);
  try {
    const found = new Map<string, FoundType>();
    for (let index = 0; index < statement.columnCount; index += 1) {
      found.set(statement.columnName(index), foundType(statement.columnType(index)));
    }
    return found;
  } finally {
    statement.destroySync();
  }
}

/** A path in which nothing stands for a set of files, as the engine takes it and names it in its messages. */
export function exactPath(path: string): string {
  return path.replace(/[*?[]/g, "[$&]");
}

function fileName(path: string): string {
  return text(exactPath(path));
}
