import type { Column } from "../core/column/column.ts";
import { RequestProblem } from "../core/endpoint/problem.ts";
import type { SqlTree } from "../core/sql/sql-tree.ts";
import type { Reading } from "../ports/asset-reader.ts";
import type { QueryLimits, TableEngine } from "../ports/table-engine.ts";
import { statementOver } from "./answer.ts";
import { wrappedStatement } from "./wrapped-statement.ts";

/** Does a statement give a row? */
export async function givesRow(
  engine: TableEngine,
  sql: SqlTree,
  reading: Reading,
  limits: QueryLimits,
): Promise<{ readonly found: boolean; readonly deterministic: boolean }> {
  const first = wrappedStatement("select cast(1 as integer) as found from", sql, [
    { part: "text", text: " as asked limit 1" },
  ]);
  const { rowCount, deterministic } = await engine.encode({
    ...limits,
    statement: statementOver(first, reading),
    columns: oneColumn,
    format: "json",
    shape: "list",
  });
  return { found: rowCount > 0, deterministic };
}

const oneColumn: readonly Column[] = [
  { name: "found", type: { kind: "integer" }, nullable: false, rules: [] },
];

/** The problem of an answer about something that there is not: 404, with the request's parameters as they were read. */
export function noSuchObject(title: string, params: Readonly<Record<string, unknown>>): RequestProblem {
  const shown = Object.entries(params).map(([name, value]) => [name, String(value)] as const);
  const names = shown.map(([name, value]) => `${name} ${value}`).join(", ");
  return new RequestProblem(404, title, {
    detail: names === "" ? title : `${title}: ${names}`,
    code: "NOT_FOUND",
    params: Object.fromEntries(shown),
  });
}
