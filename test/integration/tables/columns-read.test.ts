import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as z from "zod";
import { columns, sql, statement, TableWorld } from "./table-world.ts";

suite("the columns that a statement reads (N20)", () => {
  test("are those that the engine needs, however the statement is written", async () => {
    await using world = await TableWorld.open();
    const declared = columns(
      z.object({
        id: z.int(),
        k: z.int32(),
        "a b": z.string(),
        place: z.object({ x: z.int(), y: z.int() }),
        day: z.iso.date(),
      }),
    );
    const table = world.table(declared, [], "flights");
    const other = world.table(
      columns(z.object({ k: z.int32(), name: z.string(), rest: z.int() })),
      [],
      "names",
    );
    const cases: [query: ReturnType<typeof sql>, flights: string[], names?: string[]][] = [
      [sql`select count(*) from ${table}`, []],
      [sql`select id from ${table} where k > ${3} and "a b" = 'x'`, ["a b", "id", "k"]],
      [sql`select f.place.x from ${table} f limit 0`, ["place"]],
      [sql`select * from ${table}`, ["a b", "day", "id", "k", "place"]],
      [sql`select q.id from (select * from ${table}) q`, ["id"]],
      [sql`select count(*) from (select distinct id, day from ${table})`, ["day", "id"]],
      [sql`select name from ${table} natural join ${other}`, ["k"], ["k", "name"]],
      [
        sql`select (select max(name) from ${other} o where o.k = f.k) from ${table} f where false`,
        ["k"],
        ["k", "name"],
      ],
      [sql`select id from ${table} order by day limit ${1}`, ["day", "id"]],
      [sql`select to_json(o) from ${other} o`, [], ["k", "name", "rest"]],
      [sql`with w as (select * from ${table}) select a.id from w a, w b where a.k = b.id`, ["id", "k"]],
      [sql`select 1`, []],
    ];
    const found = await world.engine.columnsRead(cases.map(([query]) => statement(query, table, other)));
    assert.deepEqual(
      found.map((read) => [[...(read.get("flights") ?? [])].sort(), [...(read.get("names") ?? [])].sort()]),
      cases.map(([, flights, names = []]) => [flights, names]),
    );
  });

  test("are found of no statement at all, and a statement that cannot be bound says why", async () => {
    await using world = await TableWorld.open();
    assert.deepEqual(await world.engine.columnsRead([]), []);
    const table = world.table(columns(z.object({ id: z.int() })), []);
    await assert.rejects(
      world.engine.columnsRead([statement(sql`select nothing from ${table}`, table)]),
      /nothing/,
    );
  });
});
