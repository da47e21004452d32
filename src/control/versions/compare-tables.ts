import type { Column } from "../../core/column/column.ts";
import { sql, type Sql } from "../../core/sql/sql.ts";
import { SqlTree } from "../../core/sql/sql-tree.ts";
import { tableFragment } from "../../core/sql/table-fragment.ts";
import type { Row, TableEngine, TableSource } from "../../ports/table-engine.ts";

export interface RowChanges {
  /** By which rows were told to be the same one; undefined: only whole rows were compared. */
  readonly by: readonly string[] | undefined;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** A few of each, as JSON has them, in order of the key. */
  readonly samples: {
    readonly added: readonly Row[];
    readonly removed: readonly Row[];
    readonly changed: readonly { readonly before: Row; readonly after: Row }[];
  };
}

/**
 * Compares the rows of two tables by the columns that both have. Where a key is known, a row with the same key and
 * other cells has changed; else there are only rows that came and rows that went.
 */
export async function compareTables(
  before: TableSource,
  after: TableSource,
  columns: readonly Column[],
  key: readonly string[] | undefined,
  samples: number,
  tables: TableEngine,
): Promise<RowChanges> {
  const asking = new Asking(before, after, columns, samples, tables);
  return key === undefined ? wholeRows(asking) : keyedRows(asking, key);
}

class Asking {
  readonly a = tableFragment({ asset: "a" });
  readonly b = tableFragment({ asset: "b" });
  readonly columns: readonly Column[];
  readonly #sources: Readonly<Record<string, TableSource>>;
  readonly #samples: number;
  readonly #tables: TableEngine;

  constructor(
    a: TableSource,
    b: TableSource,
    columns: readonly Column[],
    samples: number,
    tables: TableEngine,
  ) {
    this.#sources = { a, b };
    this.columns = columns;
    this.#samples = samples;
    this.#tables = tables;
  }

  async counts(statement: Sql): Promise<{ added: number; removed: number; changed: number }> {
    const [row] = await this.#tables.rows({ statement: this.#statement(statement) });
    const count = (name: string): number => Number(row?.[name] ?? 0);
    return { added: count("added"), removed: count("removed"), changed: count("changed") };
  }

  async rows(statement: Sql): Promise<readonly Row[]> {
    if (this.#samples === 0) return [];
    const limited = sql`select * from (${statement}) limit ${this.#samples}`;
    const { body } = await this.#tables.encode({
      statement: this.#statement(limited),
      columns: this.columns,
      format: "json",
      shape: "list",
    });
    return JSON.parse(body.toString("utf8")) as readonly Row[];
  }

  #statement(statement: Sql) {
    if (!(statement instanceof SqlTree)) throw new TypeError("no statement");
    const source = ({ asset }: { readonly asset: string }): TableSource => {
      const found = this.#sources[asset];
      if (found === undefined) throw new TypeError(`no table ${asset}`);
      return found;
    };
    return { sql: statement, source };
  }
}

async function wholeRows(asking: Asking): Promise<RowChanges> {
  const { a, b, columns } = asking;
  const cells = sql.join(columns.map(({ name }) => sql.id(name)));
  const came = sql`(select ${cells} from ${b} except all select ${cells} from ${a})`;
  const went = sql`(select ${cells} from ${a} except all select ${cells} from ${b})`;
  const counts = await asking.counts(
    sql`select (select count(*) from ${came}) as added, (select count(*) from ${went}) as removed, 0 as changed`,
  );
  const added = await asking.rows(sql`select * from ${came} order by all`);
  const removed = await asking.rows(sql`select * from ${went} order by all`);
  return { by: undefined, ...counts, samples: { added, removed, changed: [] } };
}

async function keyedRows(asking: Asking, key: readonly string[]): Promise<RowChanges> {
  const { columns } = asking;
  const joined = joinedBy(asking, key);
  const others = columns.map(({ name }) => name).filter((name) => !key.includes(name));
  const differs = others.map((name) => sql`a.${sql.id(name)} is distinct from b.${sql.id(name)}`);
  const changed = sql`a.in_a and b.in_b and (${differs.length === 0 ? sql`false` : sql.join(differs, sql` or `)})`;
  const counts = await asking.counts(
    sql`select count(*) filter (a.in_a is null) as added, count(*) filter (b.in_b is null) as removed,
      count(*) filter (${changed}) as changed from ${joined}`,
  );
  const side = (name: "a" | "b", where: Sql) => {
    const table = sql.id(name);
    const cells = sql.join(columns.map((column) => sql`${table}.${sql.id(column.name)}`));
    const order = sql.join(key.map((column) => sql`${table}.${sql.id(column)}`));
    return asking.rows(sql`select ${cells} from ${joined} where ${where} order by ${order}`);
  };
  const before = await side("a", changed);
  const after = await side("b", changed);
  return {
    by: key,
    ...counts,
    samples: {
      added: await side("b", sql`a.in_a is null`),
      removed: await side("a", sql`b.in_b is null`),
      changed: before.flatMap((row, index) => {
        const now = after[index];
        return now === undefined ? [] : [{ before: row, after: now }];
      }),
    },
  };
}

function joinedBy({ a, b }: Asking, key: readonly string[]): Sql {
  const same = key.map((name) => sql`a.${sql.id(name)} is not distinct from b.${sql.id(name)}`);
  return sql`(select true as in_a, * from ${a}) a full join (select true as in_b, * from ${b}) b
    on ${sql.join(same, sql` and `)}`;
}
