import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import * as z from "zod";
import { MillraceError } from "../../../src/core/errors.ts";
import type { AnyObject } from "../../../src/core/schema.ts";
import { columns, sql, statement, TableWorld, type Table } from "./table-world.ts";

const Order = z.object({ id: z.int(), day: z.iso.date(), amount: z.int().nullable() });

async function external(
  world: TableWorld,
  content: string | Uint8Array,
  schema: AnyObject = Order,
  format: "csv" | "parquet" = "csv",
): Promise<Table> {
  const path = join(world.newPath(), "..", `orders.${format}`);
  await writeFile(path, content);
  const part = { part: "external", format, path, shown: `data/orders.${format}` } as const;
  return world.table(columns(schema), [part], "raw/orders_file");
}

async function failure(work: Promise<unknown>): Promise<MillraceError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof MillraceError, String(thrown));
  return thrown;
}

/** What is said when the table is read, and when it is copied into an asset. */
async function refusal(world: TableWorld, table: Table): Promise<MillraceError> {
  const all = statement(sql`select * from ${table}`, table);
  const { columns } = table.source;
  const read = await failure(world.engine.rows({ statement: all, columns }));
  const written = await failure(world.engine.write({ from: all, columns, path: world.newPath() }));
  assert.equal(written.message, read.message);
  assert.doesNotMatch(read.message, /LINE \d|read_csv|read_parquet|millrace-tables-/);
  return read;
}

suite("a cell of a CSV that is no value of its column", () => {
  const cells: readonly (readonly [said: string, row: string, schema?: AnyObject])[] = [
    ['data/orders.csv, line 3, has "5x10" in the column amount, declared as BIGINT', "2,2025-01-03,5x10"],
    ['data/orders.csv, line 3, has "2025-13-03" in the column day, declared as DATE', "2,2025-13-03,5"],
    [
      'data/orders.csv, line 3, has "soon" in the column day, declared as TIMESTAMP WITH TIME ZONE',
      "2,soon,5",
      Order.extend({ day: z.iso.datetime() }),
    ],
    [
      'data/orders.csv, line 3, has "99999999999" in the column id, declared as INTEGER',
      "99999999999,2025-01-03,5",
      Order.extend({ id: z.int32() }),
    ],
  ];
  for (const [said, row, schema] of cells) {
    test(`is named with its file, line and column: ${row}`, async () => {
      await using world = await TableWorld.open();
      const table = await external(world, `id,day,amount\n1,2025-01-02,4\n${row}\n3,2025-01-04,6\n`, schema);
      const { code, message } = await refusal(world, table);
      assert.deepEqual([code, message], ["EXTERNAL_VALUE_INVALID", `raw/orders_file: ${said}`]);
    });
  }

  test("is not blamed for a cast in the SQL that fails", async () => {
    await using world = await TableWorld.open();
    const table = await external(world, "id,day,amount\n1,2025-01-02,4\n");
    await assert.rejects(
      world.engine.rows({ statement: statement(sql`select 'x'::int as n from ${table}`, table) }),
      (error: MillraceError) => error.code === "SQL_FAILED" && !/LINE/.test(error.message),
    );
  });
});

suite("an external file", () => {
  test("that lacks a declared column is told with the columns it has, also when the column is nullable", async () => {
    await using world = await TableWorld.open();
    const table = await external(world, "id,Day,total\n1,2025-01-02,4\n", Order.omit({ day: true }));
    const { code, message, fix } = await refusal(world, table);
    assert.equal(code, "EXTERNAL_COLUMNS");
    assert.equal(
      message,
      'raw/orders_file: data/orders.csv does not have the declared columns: amount is declared, and the file has "id", "Day", "total"',
    );
    assert.match(fix, /^Declare the column as it is named in the file/);
  });

  test("that is no Parquet file, or empty, is told as that", async () => {
    await using world = await TableWorld.open();
    for (const content of ["", "hello", "id,day,amount\n1,2025-01-02,4\n".repeat(100)]) {
      const { code, message } = await refusal(world, await external(world, content, Order, "parquet"));
      assert.equal(code, "EXTERNAL_UNREADABLE");
      assert.match(message, /^raw\/orders_file: data\/orders\.parquet is no Parquet file that can be read: /);
    }
  });

  test("that is no CSV file is told as that", async () => {
    await using world = await TableWorld.open();
    const bytes = Uint8Array.from({ length: 2000 }, (_, index) => (index * 7919) % 256);
    const { code, message } = await refusal(world, await external(world, bytes));
    assert.equal(code, "EXTERNAL_UNREADABLE");
    assert.match(message, /^raw\/orders_file: data\/orders\.csv is no CSV file that can be read: [^\n]+$/);
  });

  test("with a malformed line is told with the number of that line", async () => {
    await using world = await TableWorld.open();
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index},2025-01-02,4`);
    lines[25_000] = "1,2025-01-02,4,5,6";
    const { code, message } = await refusal(
      world,
      await external(world, `id,day,amount\n${lines.join("\n")}\n`),
    );
    assert.equal(code, "EXTERNAL_UNREADABLE");
    assert.match(message, /can be read: line 25002: /);
  });

  test("that is a folder is told as unreadable", async () => {
    await using world = await TableWorld.open();
    const path = join(world.directory, "folder.parquet");
    await mkdir(path);
    const part = { part: "external", format: "parquet", path, shown: "folder.parquet" } as const;
    const { code } = await refusal(world, world.table(columns(Order), [part], "raw/orders_file"));
    assert.equal(code, "EXTERNAL_UNREADABLE");
  });
});
