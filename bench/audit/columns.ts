import type { Column } from "../../src/core/column/column.ts";

const column = (name: string, type: Column["type"]): Column => ({ name, type, nullable: false, rules: [] });

/** What `rowsSql` of the table steps gives. */
export const columns: readonly Column[] = [
  column("id", { kind: "safe_integer" }),
  column("customer", { kind: "varchar" }),
  column("amount", { kind: "double" }),
  column("day", { kind: "date" }),
];
