import { definitionRegistry } from "../definition-registry.ts";
import type { AnyObject } from "../schema.ts";
import type { SqlTree } from "../sql/sql-tree.ts";

/** What a handle's `query` gives, as data: given back from `run` or a handler, it stands for its statement. */
export interface QueryDefinition {
  readonly sql: SqlTree;
  readonly as: AnyObject | undefined;
}

const registry = definitionRegistry<QueryDefinition>();

export const registerQuery = registry.register;

export const isQuery = registry.has;
