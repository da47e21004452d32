import type { DuckDBConnection } from "@duckdb/node-api";
import type { Rendered } from "../sql/render.ts";

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
  const result = await connection.runAndReadAll("select json_serialize_sql($1::varchar)", [rendered.text]);
  const tree: unknown = JSON.parse(String(result.getRows()[0]?.[0] ?? "null"));
  if (typeof tree !== "object" || tree === null || !("error" in tree) || tree.error !== false) return false;
  return !mentions(tree, names);
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

function mentions(node: unknown, names: ReadonlySet<string>): boolean {
  if (Array.isArray(node)) return node.some((child) => mentions(child, names));
  if (typeof node !== "object" || node === null) return false;
  const { type, function_name: called, column_names: columns, sample } = node as Record<string, unknown>;
  if (typeof called === "string" && names.has(called.toLowerCase())) return true;
  if (type === "COLUMN_REF" && Array.isArray(columns) && columns.length === 1) {
    if (names.has(String(columns[0]).toLowerCase())) return true;
  }
  // Functions that read files, and samples, which are drawn anew each time.
  if (type === "TABLE_FUNCTION" || (sample !== undefined && sample !== null)) {
    if (sample !== undefined && sample !== null) return true;
    const name = (node as { function?: { function_name?: unknown } }).function?.function_name;
    if (typeof name !== "string" || !pureTableFunctions.has(name.toLowerCase())) return true;
  }
  return Object.values(node).some((child) => mentions(child, names));
}

const pureTableFunctions: ReadonlySet<string> = new Set([
  "range",
  "generate_series",
  "unnest",
  "json_each",
  "json_tree",
]);
