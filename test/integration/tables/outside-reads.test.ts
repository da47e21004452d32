import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MillraceError, sql } from "millrace";
import { openTableEngine } from "../../../src/tables/duckdb/open-table-engine.ts";

const file = new URL("../../../node_modules/vega-datasets/data/flights-3m.parquet", import.meta.url).pathname;
const source = (): never => assert.fail("no table is interpolated");

describe("SQL that reads what is no dependency", () => {
  const cases = {
    "a function that reads a file": sql`select count(*) as n from read_parquet(${file})`,
    "a path as a table": sql`select count(*) as n from 'flights.parquet'`,
    "a quoted path as a table": sql`select count(*) as n from "flights.csv"`,
    "a path in a subquery": sql`select (select count(*) from 'x.json') as n`,
    "a listing of files": sql`select count(*) as n from glob('*')`,
    "the engine's own settings": sql`select count(*) as n from duckdb_settings()`,
    "the engine's own views": sql`select count(*) as n from duckdb_views`,
    "the information schema": sql`select count(*) as n from information_schema.tables`,
    "the engine's own catalog": sql`select count(*) as n from pg_catalog.pg_class`,
    "the list of tables": sql`select count(*) as n from sqlite_master`,
  };
  for (const [what, statement] of Object.entries(cases)) {
    test(`is refused: ${what}`, async (t) => {
      const engine = await openTableEngine({ mode: "serve" });
      t.after(() => engine.close());
      const run = engine.rows({ statement: { sql: statement as never, source } });
      await assert.rejects(
        run,
        (error) => error instanceof MillraceError && error.code === "SQL_READS_OUTSIDE",
      );
    });
  }

  test("text that only looks like it is let through", async (t) => {
    const engine = await openTableEngine({ mode: "serve" });
    t.after(() => engine.close());
    const statement = {
      sql: sql`select 'read_csv(x.csv)' as "a.json", range as n from range(2)` as never,
      source,
    };
    assert.equal((await engine.rows({ statement })).length, 2);
  });
});
