import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Column } from "../../../src/core/column/column.ts";
import { columnsOf } from "../../../src/core/column/columns-of.ts";
import type { AnyObject } from "../../../src/core/schema.ts";
import { sql as tagged } from "../../../src/core/sql/sql.ts";
import { tableRef, type SqlTree } from "../../../src/core/sql/sql-tree.ts";
import type { Row, Statement, TableEngine, TablePart, TableSource } from "../../../src/ports/table-engine.ts";
import { openTableEngine, type TableEngineOptions } from "../../../src/tables/duckdb/open-table-engine.ts";

/** `sql` without the types of the public API: in these tests anything may be interpolated. */
export const sql = tagged as unknown as (text: TemplateStringsArray, ...values: unknown[]) => SqlTree;

/** A table that can be interpolated. */
export interface Table {
  readonly source: TableSource;
  readonly [tableRef]: { readonly asset: string };
}

/** An engine and a directory of its own, both gone at the end. */
export class TableWorld {
  readonly engine: TableEngine;
  readonly directory: string;
  #files = 0;

  private constructor(engine: TableEngine, directory: string) {
    this.engine = engine;
    this.directory = directory;
  }

  static async open(options: Partial<TableEngineOptions> = {}): Promise<TableWorld> {
    const directory = await mkdtemp(join(tmpdir(), "millrace-tables-"));
    return new TableWorld(await openTableEngine({ mode: "serve", ...options }), directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.close();
    await rm(this.directory, { recursive: true });
  }

  newPath(): string {
    this.#files += 1;
    return join(this.directory, `${this.#files}.parquet`);
  }

  /** Writes rows from TypeScript. */
  async write(columns: readonly Column[], rows: readonly Row[]): Promise<Table> {
    const path = this.newPath();
    await this.engine.write({ from: inBatches(rows), columns, path });
    return this.table(columns, [{ part: "files", files: [path], columns }]);
  }

  /** Writes a statement's result. */
  async writeSql(columns: readonly Column[], tree: SqlTree, ...tables: readonly Table[]): Promise<Table> {
    const path = this.newPath();
    await this.engine.write({ from: statement(tree, ...tables), columns, path });
    return this.table(columns, [{ part: "files", files: [path], columns }]);
  }

  table(columns: readonly Column[], parts: readonly TablePart[], key = "t"): Table {
    this.#files += 1;
    const id = `${this.directory} ${this.#files}`;
    return { source: { key, columns, parts, id }, [tableRef]: { asset: id } };
  }
}

export async function* inBatches(rows: readonly Row[], size = 1000): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

/** A statement over these tables. */
export function statement(tree: SqlTree, ...tables: readonly Table[]): Statement {
  return {
    sql: tree,
    source(ref) {
      const table = tables.find((candidate) => candidate[tableRef].asset === ref.asset);
      if (table === undefined) throw new Error(`no table ${ref.asset}`);
      return table.source;
    },
  };
}

/** Columns of a schema that is known to have no problem. */
export function columns(schema: AnyObject): readonly Column[] {
  const { columns: found, problems } = columnsOf("test", schema);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join("\n"));
  return found;
}

/** One column `x` of this type. */
export function columnX(type: Column["type"], options: Partial<Column> = {}): Column {
  return { name: "x", type, nullable: false, rules: [], ...options };
}
