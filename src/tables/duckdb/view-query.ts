import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column } from "../../core/column/column.ts";
import { quoteName } from "../../core/column/engine-type.ts";
import { schemaChanges } from "../../core/column/schema-change.ts";
import type { TablePart, TableSource } from "../../ports/table-engine.ts";
import { conversion } from "../wire/conversion.ts";
import type { FoundType } from "../wire/found-type.ts";
import { stored } from "../wire/stored.ts";
import { nullOf, widened } from "../wire/widened.ts";
import { otherColumns } from "./other-columns.ts";
import { describe, externalScan, parquetScan, rowsScan, type ExternalPart, type RowsPart } from "./scan.ts";
import { unreadableColumn } from "./unreadable-column.ts";

/**
 * The query of a source's view: the declared columns by name, part by part (N6). A nullable column that an older part
 * lacks is NULL there, a narrower one is widened. Any other can be named, and fails whoever reads it with both types:
 * a query that does not read it need not wait until the data is made again.
 */
export async function viewQuery(connection: DuckDBConnection, source: TableSource): Promise<string> {
  const queries: string[] = [];
  for (const part of source.parts) {
    if (part.part !== "external") continue;
    const from = externalScan(part);
    queries.push(externalSelection(source, await describe(connection, from), from, part));
  }
  for (const { columns, scans } of alike(source.parts)) {
    for (const scan of scans) {
      queries.push(selection(source, columns, "files" in scan ? parquetScan(scan.files) : rowsScan(scan)));
    }
  }
  return queries.length === 0 ? emptySelection(source.columns) : queries.join(" union all ");
}

/** What was written with one schema, in order. */
interface Alike {
  readonly columns: readonly Column[];
  readonly scans: ({ readonly files: string[] } | RowsPart)[];
}

/**
 * Neighbouring files of one schema are one scan: ten thousand partitions as a union of as many scans would take minutes
 * to plan. Rows of a pack that is not read as a whole are a scan of their own, half a millisecond each.
 */
function alike(parts: readonly TablePart[]): readonly Alike[] {
  const groups = new Map<string, Alike>();
  const schemas = new Map<readonly Column[], string>();
  for (const part of parts) {
    if (part.part === "external") continue;
    const { columns } = part;
    const schema = schemas.get(columns) ?? schemaText(columns);
    schemas.set(columns, schema);
    let group = groups.get(schema);
    if (group === undefined) groups.set(schema, (group = { columns, scans: [] }));
    const last = group.scans.at(-1);
    if (part.part === "rows") group.scans.push(part);
    else if (last !== undefined && "files" in last) last.files.push(...part.files);
    else if (part.files.length > 0) group.scans.push({ files: [...part.files] });
  }
  return [...groups.values()];
}

/** Rules aside: they say what values may be, not how they are read. */
function schemaText(columns: readonly Column[]): string {
  return JSON.stringify(columns, (key, value: unknown) => (key === "rules" ? undefined : value));
}

function selection(source: TableSource, written: readonly Column[], from: string): string {
  const found = new Map(written.map((column) => [column.name, column]));
  const changes = new Map(schemaChanges(written, source.columns).map((change) => [change.column, change]));
  const columns = source.columns.map((column) => {
    const before = found.get(column.name);
    const change = changes.get(column.name);
    const name = quoteName(column.name);
    const value =
      change !== undefined
        ? unreadableColumn(source.key, column, change)
        : before === undefined
          ? nullOf(column)
          : widened(name, before.type, column.type);
    return `${value} as ${name}`;
  });
  return `select ${columns.join(", ")} from ${from}`;
}

function externalSelection(
  source: TableSource,
  found: ReadonlyMap<string, FoundType>,
  from: string,
  part: ExternalPart,
): string {
  const columns = source.columns.map((column) => {
    const type = found.get(column.name);
    const convert = type && conversion(type, column.type, "external");
    if (convert === undefined) throw otherColumns(source, part, column, type, found);
    // What Millrace wrote is normal already; what others wrote is made so as it is read.
    return `${stored(convert(quoteName(column.name)), column.type)} as ${quoteName(column.name)}`;
  });
  return `select ${columns.join(", ")} from ${from}`;
}

function emptySelection(columns: readonly Column[]): string {
  const nulls = columns.map((column) => `${nullOf(column)} as ${quoteName(column.name)}`);
  return `select ${nulls.join(", ")} where false`;
}
