import { isQuery, type QueryDefinition } from "../core/asset/query-definition.ts";
import { PageRequest } from "../core/endpoint/page.ts";
import { SqlTree } from "../core/sql/sql-tree.ts";

/** What a handler may give so that the engine answers: a statement, a page of one, or a handle's query. */
export type SqlResult = SqlTree | PageRequest | QueryDefinition;

export function isSqlResult(result: unknown): result is SqlResult {
  return result instanceof SqlTree || result instanceof PageRequest || isQuery(result);
}
