import { registerQuery, type QueryDefinition } from "../../core/asset/query-definition.ts";
import { columnsOf } from "../../core/column/columns-of.ts";
import type { Column } from "../../core/column/column.ts";
import type { AnyObject } from "../../core/schema.ts";
import { sql } from "../../core/sql/sql.ts";
import { SqlTree, tableRef, type TableRef } from "../../core/sql/sql-tree.ts";
import type { QueryLimits, Row, Statement } from "../../ports/table-engine.ts";
import type { ReadingScope } from "./asset-reader.ts";

/** Behind a TableHandle: the rows of a table at the reading's versions. */
export class TableContent {
  readonly [tableRef]: TableRef;
  readonly #columns: readonly Column[];
  readonly #scope: ReadingScope;

  constructor(table: TableRef, columns: readonly Column[], scope: ReadingScope) {
    this[tableRef] = table;
    this.#columns = columns;
    this.#scope = scope;
  }

  rows(options: { limit?: number } = {}): Promise<Row[]> {
    const limit = options.limit === undefined ? sql.empty : sql` limit ${options.limit}`;
    return this.#scope.engine.rows({ ...this.#request(limit), columns: this.#columns });
  }

  batches(options: { size?: number } = {}): AsyncIterable<Row[]> {
    return this.#scope.engine.batches({ ...this.#request(sql.empty), columns: this.#columns, ...options });
  }

  async count(): Promise<number> {
    const tree = treeOf([
      { part: "text", text: "select count(*) as n from " },
      { part: "table", table: this[tableRef] },
    ]);
    const [row] = await this.#scope.engine.rows({
      ...this.#limits(),
      statement: this.#scope.statement(tree),
    });
    return Number(row?.["n"] ?? 0);
  }

  query(
    statement: unknown,
    as?: AnyObject,
  ): QueryDefinition & { rows(): Promise<Row[]>; batches(): AsyncIterable<Row[]> } {
    if (!(statement instanceof SqlTree))
      throw new TypeError("query: the first argument must be an sql`…` statement");
    const request = () => ({
      ...this.#limits(),
      statement: this.#scope.statement(statement),
      ...(as === undefined ? {} : { columns: columnsOf("query", as).columns }),
    });
    return registerQuery({
      sql: statement,
      as,
      rows: () => this.#scope.engine.rows(request()),
      batches: () => this.#scope.engine.batches(request()),
    });
  }

  #request(rest: unknown): { statement: Statement } & QueryLimits {
    const names = this.#columns.flatMap((column, index): SqlTree["parts"] => [
      { part: "text", text: index === 0 ? "select " : ", " },
      { part: "identifier", name: column.name },
    ]);
    const tail = rest instanceof SqlTree ? rest.parts : [];
    const tree = treeOf([
      ...names,
      { part: "text", text: " from " },
      { part: "table", table: this[tableRef] },
      ...tail,
    ]);
    return { ...this.#limits(), statement: this.#scope.statement(tree) };
  }

  #limits(): QueryLimits {
    const { signal, timeLimitMs, maxRows } = this.#scope;
    return { signal, timeLimitMs, maxRows };
  }
}

function treeOf(parts: SqlTree["parts"]): SqlTree {
  return new SqlTree(parts, "many", []);
}
