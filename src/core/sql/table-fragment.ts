import type { Sql } from "./sql.ts";
import { SqlTree, type TableRef } from "./sql-tree.ts";

/** A table by its reference, for statements that Millrace writes itself. The public type is a view of the tree. */
export function tableFragment(table: TableRef): Sql {
  return new SqlTree([{ part: "table", table }], "many", []) as unknown as Sql;
}
