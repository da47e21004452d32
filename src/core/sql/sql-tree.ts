/**
 * SQL as a tree: text that the author wrote, and in between what was interpolated. Values can only become bound
 * parameters and names only quoted identifiers, so there is no way to inject. Rendering is the table engine's work.
 */
export type SqlPart =
  | { readonly part: "text"; readonly text: string }
  | { readonly part: "table"; readonly table: TableRef }
  | { readonly part: "value"; readonly value: SqlValue }
  | { readonly part: "identifier"; readonly name: string }
  | { readonly part: "bound"; readonly bound: "start" | "end" | "key" };

/** Which table is meant: an asset, as this dependency sees it (absent: the only dependency on that asset). */
export interface TableRef {
  readonly asset: string;
  readonly dependency?: string;
}

export type SqlValue = string | number | bigint | boolean | Date | Uint8Array | null | readonly SqlValue[];

export class SqlTree {
  readonly parts: readonly SqlPart[];
  /** `one`: at most one row is meant. */
  readonly rows: "many" | "one";
  /** Assets interpolated as themselves (not through a handle): they become dependencies of a SQL asset. */
  readonly assets: readonly object[];

  constructor(parts: readonly SqlPart[], rows: "many" | "one", assets: readonly object[]) {
    this.parts = parts;
    this.rows = rows;
    this.assets = assets;
    Object.freeze(this);
  }
}

/** Carried by what may stand for a table in SQL: asset definitions and table handles. */
export const tableRef: unique symbol = Symbol("millrace.table-ref");
/** Carried by a partition definition's `start`, `end` and `key`. */
export const partitionBound: unique symbol = Symbol("millrace.partition-bound");
