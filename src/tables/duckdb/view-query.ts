import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column } from "../../core/column/column.ts";
import { engineType, quoteName } from "../../core/column/engine-type.ts";
import { MillraceError } from "../../core/errors.ts";
import type { TablePart, TableSource } from "../../ports/table-engine.ts";
import { conversion } from "../wire/conversion.ts";
import type { FoundType } from "../wire/found-type.ts";
import { stored } from "../wire/stored.ts";
import { otherColumns } from "./other-columns.ts";
import { describe, externalScan, parquetScan, type ExternalPart } from "./scan.ts";

/**
 * The query of a source's view: the declared columns by name, part by part (N6). A nullable column that an older part
 * lacks is NULL there, a narrower one is widened; anything else is an error that names both types.
 */
export async function viewQuery(connection: DuckDBConnection, source: TableSource): Promise<string> {
  const queries: string[] = [];
  for (const part of source.parts) {
    if (part.part === "files") continue;
    const from = externalScan(part);
    queries.push(selection(source, await describe(connection, from), from, part));
  }
  for (const { columns, files } of alike(source.parts)) {
    const found = new Map(columns.map(({ name, type }) => [name, writtenType(type)]));
    queries.push(selection(source, found, parquetScan(files)));
  }
  return queries.length === 0 ? emptySelection(source.columns) : queries.join(" union all ");
}

/** Files of one schema are one scan: ten thousand partitions as a union of as many scans would take minutes to plan. */
function alike(parts: readonly TablePart[]): { columns: readonly Column[]; files: string[] }[] {
  const groups = new Map<string, { columns: readonly Column[]; files: string[] }>();
  for (const part of parts) {
    if (part.part !== "files" || part.files.length === 0) continue;
    const schema = part.columns.map(({ name, type }) => `${quoteName(name)} ${engineType(type)}`).join();
    const group = groups.get(schema);
    if (group === undefined) groups.set(schema, { columns: part.columns, files: [...part.files] });
    else group.files.push(...part.files);
  }
  return [...groups.values()];
}

function selection(
  source: TableSource,
  found: ReadonlyMap<string, FoundType>,
  from: string,
  external?: ExternalPart,
): string {
  const columns = source.columns.map((column) => {
    const type = found.get(column.name);
    if (type === undefined && column.nullable && external === undefined) return nullColumn(column);
    const convert = type && conversion(type, column.type, external === undefined ? "older" : "external");
    if (convert === undefined) {
      throw external === undefined
        ? unreadable(source, column, type, found)
        : otherColumns(source, external, column, type, found);
    }
    const value = convert(quoteName(column.name));
    // What Millrace wrote is normal already; what others wrote is made so as it is read.
    return `${external !== undefined ? stored(value, column.type) : value} as ${quoteName(column.name)}`;
  });
  return `select ${columns.join(", ")} from ${from}`;
}

function unreadable(
  source: TableSource,
  column: Column,
  found: FoundType | undefined,
  all: ReadonlyMap<string, FoundType>,
): MillraceError {
  const name = quoteName(column.name);
  const reason =
    found === undefined
      ? `${source.key}: the column ${name} is declared, and the stored ones are ${[...all.keys()].join(", ")}`
      : `${source.key}: the column ${name} is stored as ${found.name} and declared as ${engineType(column.type)}`;
  return new MillraceError("SQL_FAILED", { reason });
}

function nullColumn(column: Column): string {
  return `cast(null as ${engineType(column.type)}) as ${quoteName(column.name)}`;
}

function emptySelection(columns: readonly Column[]): string {
  return `select ${columns.map(nullColumn).join(", ")} where false`;
}

/** The type that a column of this kind has in a file that Millrace wrote. */
function writtenType(type: Column["type"]): FoundType {
  const name = engineType(type);
  switch (type.kind) {
    case "decimal":
      return { name, kind: "decimal", width: type.precision, scale: type.scale };
    case "list":
      return { name, kind: "list", element: writtenType(type.element.type) };
    case "struct":
      return {
        name,
        kind: "struct",
        fields: type.fields.map((field) => [field.name, writtenType(field.type)]),
      };
    default:
      return { name, kind: "plain" };
  }
}
