import type { DuckDBConnection } from "@duckdb/node-api";
import { MillraceError } from "../../core/errors.ts";
import { pureTableFunctions, someNode, syntaxTree, tableFunction } from "./syntax-tree.ts";

/** What reading a file or the engine's own tables looks like. Everything else need not be parsed a second time. */
const suspicious =
  /\b(?:read_|glob|sniff_|query)\w*\s*\(|_scan\w*\s*\(|\.(?:parquet|csv|tsv|json|jsonl|ndjson)\b|\b(?:duckdb_|pragma_|parquet_|sqlite_|pg_|information_schema)/i;
const ownTables = /^(?:duckdb_|pragma_|sqlite_|pg_)/i;

/**
 * What is no dependency cannot be read: a file that the SQL names itself would be in no lineage, no data version and
 * no cache key.
 *
 * @throws SQL_READS_OUTSIDE
 */
export async function refuseOutsideReads(connection: DuckDBConnection, text: string): Promise<void> {
  if (!suspicious.test(text)) return;
  const tree = await syntaxTree(connection, text);
  let found: string | undefined;
  someNode(tree, (node) => {
    const called = tableFunction(node);
    if (called !== undefined && !pureTableFunctions.has(called)) found = `${called}(…)`;
    // A table whose name is a path, which the engine would open, and tables that tell of the engine itself. A schema
    // stands only before what was interpolated.
    const { type, table_name: table, schema_name: schema } = node;
    if (type === "BASE_TABLE" && typeof table === "string" && typeof schema === "string") {
      const isOurs = schema.startsWith("v_");
      if (!isOurs && (schema !== "" || /\.\w+$/.test(table) || ownTables.test(table))) found = table;
    }
    return found !== undefined;
  });
  if (found !== undefined) throw new MillraceError("SQL_READS_OUTSIDE", { what: found });
}
