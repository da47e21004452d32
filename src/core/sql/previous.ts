import { SqlTree, type TableRef } from "./sql-tree.ts";

/** The name under which an appending asset reads what it has so far; no dependency of it can have that. */
export const previousName = "previous";

/** What `sql.previous` stands for: the rows that the asset being made has so far. */
export const previousTable: TableRef = Object.freeze({ asset: "sql.previous", dependency: previousName });

export const previousFragment = new SqlTree([{ part: "table", table: previousTable }], "many", []);

export function readsPrevious({ parts }: SqlTree): boolean {
  return parts.some((part) => part.part === "table" && part.table === previousTable);
}
