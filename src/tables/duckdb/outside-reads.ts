import type { DuckDBConnection } from "@duckdb/node-api";
import { MillraceError } from "../../core/errors.ts";
import { pureTableFunctions, someNode, syntaxTree, tableFunction } from "./syntax-tree.ts";

/** What reading a file or the engine's own tables looks like. Everything else need not be parsed a second time. */
const suspicious =
  /\b(?:read_|glob|sniff_|parquet_|duckdb_|pragma_|query)\w*\s*\(|_scan\w*\s*\(|\.(?:parquet|csv|tsv|json|jsonl|ndjson)\b/i;

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
    // A table whose name is a path: the engine would open the file.
    const { type, table_name: table, schema_name: schema } = node;
    if (type === "BASE_TABLE" && schema === "" && typeof table === "string" && /\.\w+$/.test(table))
      found = table;
    return found !== undefined;
  });
  if (found !== undefined) throw new MillraceError("SQL_READS_OUTSIDE", { what: found });
}
