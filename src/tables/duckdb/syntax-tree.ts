import type { DuckDBConnection } from "@duckdb/node-api";

/** The engine's own parse of a SELECT; undefined for what it cannot give as a tree. */
export async function syntaxTree(connection: DuckDBConnection, text: string): Promise<object | undefined> {
  const result = await connection.runAndReadAll("select json_serialize_sql($1::varchar)", [text]);
  const tree: unknown = JSON.parse(String(result.getRows()[0]?.[0] ?? "null"));
  if (typeof tree !== "object" || tree === null || !("error" in tree) || tree.error !== false)
    return undefined;
  return tree;
}

/** Is there a node, at any depth, of which the test says yes? */
export function someNode(node: unknown, test: (node: Readonly<Record<string, unknown>>) => boolean): boolean {
  if (Array.isArray(node)) return node.some((child) => someNode(child, test));
  if (typeof node !== "object" || node === null) return false;
  return (
    test(node as Readonly<Record<string, unknown>>) ||
    Object.values(node).some((child) => someNode(child, test))
  );
}

/** The name of the function that a TABLE_FUNCTION node calls. */
export function tableFunction(node: Readonly<Record<string, unknown>>): string | undefined {
  if (node["type"] !== "TABLE_FUNCTION") return undefined;
  const { function: called } = node as { function?: { function_name?: unknown } };
  return typeof called?.function_name === "string" ? called.function_name.toLowerCase() : "";
}

/** Table functions whose rows follow from their arguments alone. */
export const pureTableFunctions: ReadonlySet<string> = new Set([
  "range",
  "generate_series",
  "unnest",
  "json_each",
  "json_tree",
]);
