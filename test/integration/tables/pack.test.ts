import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { stat, truncate } from "node:fs/promises";
import { after, before, test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import type { Column } from "../../../src/core/column/column.ts";
import type { Row, TablePart } from "../../../src/ports/table-engine.ts";
import { columns, sql, statement, type Table, TableWorld } from "./table-world.ts";

let world: TableWorld;
before(async () => {
  world = await TableWorld.open({ mode: "batch", threads: 2 });
});
after(() => world[Symbol.asyncDispose]());

const Numbers = z.object({ n: z.int(), x: z.number() });

async function numbers(from: number, rowCount: number): Promise<{ table: Table; rows: Row[] }> {
  const rows = Array.from({ length: rowCount }, (_, index) => ({ n: from + index, x: Math.random() }));
  return { table: await world.write(columns(Numbers), rows), rows };
}

async function packed(
  declared: readonly Column[],
  tables: readonly { table: Table; rows: readonly Row[] }[],
) {
  const path = world.newPath();
  const members = tables.map(({ table, rows }) => ({ parts: table.source.parts, rowCount: rows.length }));
  const result = await world.engine.pack({ key: "t", columns: declared, members, path });
  let at = 0;
  const parts = tables.map(({ rows }): TablePart => {
    const from = at;
    at += rows.length;
    return { part: "rows", file: path, from, to: at, columns: declared };
  });
  return { ...result, path, parts };
}

async function rowsOf(declared: readonly Column[], ...parts: readonly TablePart[]): Promise<Row[]> {
  const table = world.table(declared, parts);
  return world.engine.rows({ statement: statement(sql`select * from ${table}`, table), columns: declared });
}

test("tables of any sizes lie in one file one after another, each with its rows in their order and its data version (N1, N3)", async () => {
  const declared = columns(Numbers);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(300), { minLength: 1, maxLength: 8 }), async (sizes) => {
      const tables = [];
      for (const size of sizes) tables.push(await numbers(tables.length * 1000, size));
      const pack = await packed(declared, tables);
      assert.equal(pack.bytes, (await stat(pack.path)).size);
      for (const [index, { table, rows }] of tables.entries()) {
        const { dataVersion } = await world.engine.audit({ source: table.source, rules: [] });
        assert.deepEqual(pack.members[index], { dataVersion, same: true });
        assert.deepEqual(await rowsOf(declared, pack.parts[index] ?? assert.fail()), rows);
      }
      const [first, last] = [tables[0]?.rows ?? [], tables.at(-1)?.rows ?? []];
      const ends = [pack.parts.at(-1) ?? assert.fail(), pack.parts[0] ?? assert.fail()];
      assert.deepEqual(await rowsOf(declared, ...ends), [...last, ...first], "in the order of the parts");
    }),
    { numRuns: 12 },
  );
});

test("a pack can be packed again, in part and beside other files (N1)", async () => {
  const declared = columns(Numbers);
  const [a, b, c, d] = [
    await numbers(0, 50),
    await numbers(100, 60),
    await numbers(200, 0),
    await numbers(300, 70),
  ];
  const first = await packed(declared, [a, b, c]);
  const again = [
    { table: world.table(declared, [first.parts[0] ?? assert.fail()]), rows: a.rows },
    d,
    { table: world.table(declared, first.parts.slice(1)), rows: [...b.rows, ...c.rows] },
  ];
  const second = await packed(declared, again);
  assert.ok(second.members.every(({ same }) => same));
  assert.deepEqual(await rowsOf(declared, ...second.parts), [...a.rows, ...d.rows, ...b.rows]);
});

test("every type of column comes out of a pack as it went in (N1, N30)", async () => {
  const declared = columns(
    z.object({
      place: z.int(),
      one: z.string().nullable(),
      two: z.number(),
      member: z.boolean(),
      big: z.bigint(),
      day: z.iso.date(),
      at: z.iso.datetime(),
      list: z.array(z.int()),
      nested: z.object({ a: z.string(), b: z.array(z.number()) }),
      kind: z.enum(["x", "y"]),
      id: z.uuid(),
    }),
  );
  const row = (index: number): Row => ({
    place: index,
    one: index % 2 === 0 ? null : `text ${index}`,
    two: index / 3,
    member: index % 3 === 0,
    big: 2n ** 62n - BigInt(index),
    day: "2024-02-29",
    at: "2024-02-29T12:00:00.123Z",
    list: index % 2 === 0 ? [] : [index, -index],
    nested: { a: "", b: [0.1, index] },
    kind: index % 2 === 0 ? "x" : "y",
    id: "0189d2c0-0000-7000-8000-000000000000",
  });
  const tables = [];
  for (const size of [3, 5]) {
    const rows = Array.from({ length: size }, (_, index) => row(size * 10 + index));
    tables.push({ table: await world.write(declared, rows), rows });
  }
  const pack = await packed(declared, tables);
  for (const [index, { table }] of tables.entries()) {
    const { dataVersion } = await world.engine.audit({ source: table.source, rules: [] });
    assert.deepEqual(pack.members[index], { dataVersion, same: true });
    const [before, after] = [
      await rowsOf(declared, ...table.source.parts),
      await rowsOf(declared, pack.parts[index] ?? assert.fail()),
    ];
    assert.deepEqual(after, before);
  }
});

test("a source that is cut short leaves no pack, and is named (N2)", async () => {
  const declared = columns(Numbers);
  const [whole, cut] = [await numbers(0, 50), await numbers(100, 60)];
  const [part] = cut.table.source.parts;
  const file = part?.part === "files" ? (part.files[0] ?? "") : "";
  await truncate(file, 100);
  const path = world.newPath();
  const members = [whole, cut].map(({ table, rows }) => ({
    parts: table.source.parts,
    rowCount: rows.length,
  }));
  await assert.rejects(world.engine.pack({ key: "t", columns: declared, members, path }), (error: Error) => {
    assert.match(error.message, /damaged|cannot be read|is not/i);
    assert.ok(error.message.includes(file), error.message);
    return true;
  });
  assert.ok(!existsSync(path));
});

test("other rows than were counted show as not the same as recorded (N3)", async () => {
  const declared = columns(Numbers);
  const [a, b] = [await numbers(0, 50), await numbers(100, 60)];
  const path = world.newPath();
  const members = [
    { parts: a.table.source.parts, rowCount: 49 },
    { parts: b.table.source.parts, rowCount: 60 },
  ];
  const pack = await world.engine.pack({ key: "t", columns: declared, members, path });
  const { dataVersion } = await world.engine.audit({ source: a.table.source, rules: [] });
  assert.notEqual(pack.members[0]?.dataVersion, dataVersion);
});

test("a table that lies beyond the first row groups of a pack is read from where it lies (N1)", async () => {
  const declared = columns(Numbers);
  const tables = [];
  for (let index = 0; index < 3; index += 1) {
    const table = await world.writeSql(
      declared,
      sql`select range::integer as n, random() as x from range(${index * 200_000}, ${(index + 1) * 200_000})`,
    );
    tables.push({ table, rows: Array.from({ length: 200_000 }, () => ({})) });
  }
  const pack = await packed(declared, tables);
  assert.ok(pack.members.every(({ same }) => same));
  const last = world.table(declared, [pack.parts[2] ?? assert.fail()]);
  const [range] = await world.engine.rows({
    statement: statement(sql`select min(n) as least, max(n) as most, count(*) as n from ${last}`, last),
  });
  assert.deepEqual({ ...range, n: Number(range?.["n"]) }, { least: 400_000, most: 599_999, n: 200_000 });
});
