import type { AnyObject } from "../schema.ts";
import type { SqlTree } from "../sql/sql-tree.ts";

/** What a handle's `query` gives, as data: given back from `run` or a handler, it stands for its statement. */
export interface QueryDefinition {
  readonly sql: SqlTree;
  readonly as: AnyObject | undefined;
}

const queries = new WeakSet<object>();

export function registerQuery<T extends QueryDefinition>(query: T): T {
  queries.add(query);
  return query;
}

export function isQuery(candidate: unknown): candidate is QueryDefinition {
  return typeof candidate === "object" && candidate !== null && queries.has(candidate);
}
