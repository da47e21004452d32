import type { DuckDBConnection } from "@duckdb/node-api";
import type { Rendered } from "../sql/render.ts";
import { pureTableFunctions, someNode, syntaxTree, tableFunction } from "./syntax-tree.ts";

/** Functions whose result is not fixed by their arguments, by the engine's own marks (N27). One list per process. */
let volatileNames: Promise<ReadonlySet<string>> | undefined;

/**
 * Whether the same sources and values always give the same rows. In doubt it says no: an answer is then hashed rather
 * than vouched for.
 */
export async function isDeterministic(connection: DuckDBConnection, rendered: Rendered): Promise<boolean> {
  if (rendered.sources.some(({ parts }) => parts.some(({ part }) => part === "external"))) return false;
  volatileNames ??= readVolatileNames(connection);
  const names = await volatileNames;
  const tree = await syntaxTree(connection, rendered.text);
  return tree !== undefined && !someNode(tree, (node) => isVolatile(node, names));
}

async function readVolatileNames(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const result = await connection.runAndReadAll(
    "select distinct lower(function_name) from duckdb_functions() where stability <> 'CONSISTENT'",
  );
  return new Set([...result.getRows().map(([name]) => String(name)), ...unmarked.split(" ")]);
}

/** Keywords that are columns to the engine until it binds them, and what it calls stable within a session. */
const unmarked =
  "current_date current_time current_timestamp localtime localtimestamp current_user session_user user " +
  "getenv getvariable current_setting";

function isVolatile(node: Readonly<Record<string, unknown>>, names: ReadonlySet<string>): boolean {
  const { type, function_name: called, column_names: columns, sample } = node;
  if (typeof called === "string" && names.has(called.toLowerCase())) return true;
  if (type === "COLUMN_REF" && Array.isArray(columns) && columns.length === 1) {
    if (names.has(String(columns[0]).toLowerCase())) return true;
  }
  // Samples are drawn anew each time.
  if (sample !== undefined && sample !== null) return true;
  const table = tableFunction(node);
  return table !== undefined && !pureTableFunctions.has(table);
}
