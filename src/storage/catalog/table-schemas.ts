import { createHash } from "node:crypto";
import type { Column } from "../../core/column/column.ts";
import { runRows, type Script } from "../database/script.ts";

/** The key of a set of columns in `table_schema`, and what is kept under it. */
export function schemaRow(columns: readonly Column[]): readonly [hash: string, columns: string] {
  const text = JSON.stringify(columns);
  return [createHash("sha256").update(text).digest("hex"), text];
}

/** Each set of columns is kept once. */
export function* insertSchemas(rows: Iterable<readonly [hash: string, columns: string]>): Script<void> {
  yield* runRows(
    `with r as {rows hash text, columns text} insert into table_schema (hash, columns)
     select hash, columns from r where true on conflict (hash) do nothing`,
    [...new Map(rows)].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
