import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import * as z from "zod";
import { columns, sql, statement, TableWorld, type Table } from "./table-world.ts";

const local = z.iso.datetime({ local: true });

suite("an instant and a column without a zone", () => {
  let world: TableWorld;
  let table: Table;
  before(async () => {
    world = await TableWorld.open();
    table = await world.write(columns(z.object({ local, seen: z.iso.datetime() })), [
      { local: "2001-01-01T10:30:00", seen: "2001-01-01T10:30:00Z" },
    ]);
  });
  after(() => world[Symbol.asyncDispose]());

  const found = async (column: string, value: unknown): Promise<boolean> => {
    const named = column === "seen" ? sql`seen` : sql`local`;
    const query = statement(sql`select 1 as n from ${table} where ${named} = ${value}`, table);
    // Twice: the second time the statement has been prepared before.
    await world.engine.rows({ statement: query });
    return (await world.engine.rows({ statement: query })).length === 1;
  };

  test("a row from TypeScript may not have one there, though the schema takes it", async () => {
    assert.ok(local.safeParse("2001-01-01T10:30:00Z").success);
    for (const text of ["2001-01-01T10:30:00Z", "2001-01-01T10:30:00+02:00"]) {
      await assert.rejects(world.write(columns(z.object({ local })), [{ local: text }]), {
        code: "RESULT_MISMATCH",
        message: /without a zone/,
      });
    }
  });

  test("a bound one is compared as its time in UTC, as a Date is", async () => {
    for (const value of [
      new Date("2001-01-01T10:30:00Z"),
      "2001-01-01T10:30:00",
      "2001-01-01T10:30",
      "2001-01-01T10:30:00Z",
      "2001-01-01T10:30Z",
      "2001-01-01T12:30:00.000+02:00",
      "2001-01-01T12:30+02:00",
    ])
      assert.ok(await found("local", value), String(value));
    assert.equal(await found("local", "2001-01-01T10:30:00+02:00"), false);
  });

  test("a bound one needs no seconds where an instant is wanted", async () => {
    for (const value of ["2001-01-01T10:30Z", "2001-01-01T12:30+02:00", "2001-01-01T10:30:00.000Z"])
      assert.ok(await found("seen", value), value);
    assert.equal(await found("seen", "2001-01-01T10:30+02:00"), false);
  });

  test("as a text it stays what it is", async () => {
    const rows = await world.engine.rows({
      statement: statement(sql`select ${"2001-01-01T10:30Z"} as text`),
    });
    assert.deepEqual(rows, [{ text: "2001-01-01T10:30Z" }]);
  });

  test("in an external CSV it becomes its time in UTC", async () => {
    const path = join(world.directory, "times.csv");
    await writeFile(path, "local\n2001-01-01T10:30:00\n2001-01-01T10:30:00Z\n2001-01-01T12:30:00+02:00\n");
    const times = world.table(columns(z.object({ local })), [{ part: "external", format: "csv", path }]);
    const query = statement(sql`select distinct local from ${times}`, times);
    assert.deepEqual(await world.engine.rows({ statement: query }), [{ local: "2001-01-01T10:30:00" }]);
  });
});
