import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { suite, test } from "node:test";
import { inspect } from "node:util";
import * as z from "zod";
import { decimal } from "../../../src/core/column/decimal.ts";
import { MillraceError } from "../../../src/core/errors.ts";
import type { Row } from "../../../src/ports/table-engine.ts";
import { columns, columnX, inBatches, sql, statement, TableWorld } from "./table-world.ts";

const fails =
  (code: string, ...texts: readonly RegExp[]) =>
  (thrown: unknown): boolean => {
    assert.ok(thrown instanceof MillraceError, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    for (const text of texts) assert.match(thrown.message, text);
    return true;
  };

suite("writing a statement's result", () => {
  test("gives the rows and bytes that are really in the file", async () => {
    await using world = await TableWorld.open();
    const path = world.newPath();
    const declared = columns(z.object({ n: z.int(), s: z.string() }));
    const result = await world.engine.write({
      from: statement(sql`select range as n, 'x' as s from range(${1000})`),
      columns: declared,
      path,
    });
    assert.deepEqual(result, { rowCount: 1000, bytes: (await stat(path)).size });
  });

  test("puts the columns in the declared order, whatever the statement's is", async () => {
    await using world = await TableWorld.open();
    const declared = columns(z.object({ a: z.string(), b: z.int32() }));
    const table = await world.writeSql(declared, sql`select 1 as b, 'x' as a`);
    const rows = await world.engine.rows({ statement: statement(sql`select * from ${table}`, table) });
    assert.deepEqual(Object.keys(rows[0] ?? {}), ["a", "b"]);
  });

  test("names every column that is missing, superfluous or of another type, with both types, before it runs", async () => {
    await using world = await TableWorld.open();
    const declared = columns(z.object({ a: z.string(), b: z.int(), c: z.iso.date() }));
    const path = world.newPath();
    await assert.rejects(
      world.engine.write({
        from: statement(
          sql`select 1.5::double as b, timestamp '2001-01-01' as c, 1 as d from range(1e15::bigint)`,
        ),
        columns: declared,
        path,
        step: "daily",
      }),
      fails(
        "RESULT_MISMATCH",
        /^daily: /,
        /column a \(VARCHAR\) is declared/,
        /b is DOUBLE in the result and BIGINT as declared/,
        /c is TIMESTAMP in the result and DATE/,
        /d \(INTEGER\) is in the result, but not declared/,
      ),
    );
    assert.deepEqual(await readdir(world.directory), []);
  });

  test("widens whole numbers, takes sums as BIGINT, and fails rather than cutting a number that does not fit", async () => {
    await using world = await TableWorld.open();
    const declared = columns(z.object({ n: z.bigint() }));
    const table = await world.writeSql(declared, sql`select sum(range) as n from range(10)`);
    assert.deepEqual(
      await world.engine.rows({
        statement: statement(sql`select * from ${table}`, table),
        columns: declared,
      }),
      [{ n: 45n }],
    );
    await assert.rejects(
      world.writeSql(declared, sql`select 9223372036854775807::hugeint + range as n from range(2)`),
      fails("SQL_FAILED", /9223372036854775808/),
    );
    await assert.rejects(
      world.writeSql(columns(z.object({ n: z.int32() })), sql`select 3000000000 as n`),
      fails("SQL_FAILED"),
    );
  });

  test("does not take a fraction for a whole number, an instant for a date or a number for text", async () => {
    await using world = await TableWorld.open();
    for (const [type, value] of [
      [{ kind: "safe_integer" }, "1.5::double"],
      [{ kind: "safe_integer" }, "1.5"],
      [{ kind: "varchar" }, "1"],
      [{ kind: "date" }, "now()"],
      [{ kind: "timestamptz", as: "string" }, "timestamp '2001-01-01'"],
      [{ kind: "decimal", precision: 5, scale: 1 }, "1.55"],
      [{ kind: "float" }, "1.5::double"],
      [{ kind: "boolean" }, "1"],
    ] as const) {
      const tree = sql`select ${sql(Object.assign([value], { raw: [value] }))} as x`;
      await assert.rejects(
        world.writeSql([columnX(type)], tree),
        fails("RESULT_MISMATCH", /column x is/),
        value,
      );
    }
  });

  test("refuses NaN and infinities and leaves nothing at the path", async () => {
    await using world = await TableWorld.open();
    for (const value of ["nan", "infinity", "-infinity"]) {
      const tree = sql`select ${value}::double as x from range(3)`;
      await assert.rejects(
        world.writeSql([columnX({ kind: "double" })], tree),
        fails("RESULT_MISMATCH", /x .*NaN or infinite/),
      );
    }
    assert.deepEqual(await readdir(world.directory), []);
  });

  test("leaves nothing behind when the statement fails half way, and writes there on the next try (N2)", async () => {
    await using world = await TableWorld.open();
    const path = world.newPath();
    const declared = [columnX({ kind: "safe_integer" })];
    const failing = statement(
      sql`select case when range = 900000 then error('boom') else range end as x from range(1000000)`,
    );
    await assert.rejects(
      world.engine.write({ from: failing, columns: declared, path }),
      fails("SQL_FAILED", /boom/),
    );
    assert.deepEqual(await readdir(world.directory), []);
    await world.engine.write({ from: statement(sql`select 1 as x`), columns: declared, path });
    assert.equal((await readdir(world.directory)).length, 1);
  });

  test("never overwrites a file (N2)", async () => {
    await using world = await TableWorld.open();
    const path = world.newPath();
    const declared = [columnX({ kind: "integer" })];
    await world.engine.write({ from: statement(sql`select 1 as x`), columns: declared, path });
    const before = await readFile(path);
    await assert.rejects(
      world.engine.write({ from: statement(sql`select 2 as x`), columns: declared, path }),
      fails("INTERNAL", /exists/),
    );
    assert.ok(before.equals(await readFile(path)));
  });

  test("gives the same bytes for the same rows on one thread (N28)", async () => {
    await using world = await TableWorld.open();
    const declared = columns(z.object({ n: z.int(), s: z.string() }));
    const tree = sql`select range as n, 's' || range as s from range(300000)`;
    const [one, other] = [world.newPath(), world.newPath()];
    await world.engine.write({ from: statement(tree), columns: declared, path: one });
    await world.engine.write({ from: statement(tree), columns: declared, path: other });
    assert.ok((await readFile(one)).equals(await readFile(other)));
  });

  test("stops when it is aborted and leaves nothing", async () => {
    await using world = await TableWorld.open({ mode: "batch" });
    const path = world.newPath();
    const signal = AbortSignal.timeout(50);
    const from = statement(sql`select range as x from range(10000000000)`);
    await assert.rejects(
      world.engine.write({ from, columns: [columnX({ kind: "safe_integer" })], path, signal }),
      fails("CANCELED"),
    );
    assert.deepEqual(await readdir(world.directory), []);
  });
});

suite("writing rows from TypeScript", () => {
  test("names the row, the column and the value that does not fit, and leaves nothing", async () => {
    await using world = await TableWorld.open();
    const declared = columns(z.object({ n: z.int(), day: z.iso.date() }));
    const good = { n: 1, day: "2001-01-01" };
    for (const [bad, ...texts] of [
      [{ n: 1.5, day: "2001-01-01" }, /row 1,001: the column n is the number 1\.5/],
      [{ n: 2 ** 53, day: "2001-01-01" }, /column n/],
      [{ n: 1n, day: "2001-01-01" }, /the bigint 1/],
      [{ n: null, day: "2001-01-01" }, /column n is null/],
      [{ day: "2001-01-01" }, /column n is missing/],
      [{ n: 1, day: "2001-02-29" }, /column day is the string "2001-02-29"/],
      [{ n: 1, day: "2001-1-1" }, /column day/],
      [{ n: 1, day: new Date(0) }, /the Date 1970/],
      [{ ...good, more: 1 }, /row 1,001 has more, which is not declared/],
    ] as [Row, ...RegExp[]][]) {
      const rows = [...Array.from({ length: 1000 }, () => good), bad, good];
      await assert.rejects(world.write(declared, rows), fails("RESULT_MISMATCH", ...texts));
    }
    assert.deepEqual(await readdir(world.directory), []);
  });

  test("refuses what each kind of column cannot hold", async () => {
    await using world = await TableWorld.open();
    for (const [type, ...values] of [
      [{ kind: "varchar" }, 1, "\ud800", undefined],
      [{ kind: "integer" }, 2147483648, 0.5, NaN, "1"],
      [{ kind: "uinteger" }, -1, 4294967296],
      [{ kind: "bigint" }, 1, 9223372036854775808n],
      [{ kind: "ubigint" }, -1n, 18446744073709551616n],
      [{ kind: "double" }, NaN, Infinity, -Infinity, "1"],
      [{ kind: "float" }, 1e39, NaN],
      [{ kind: "decimal", precision: 4, scale: 2 }, "100.00", "1.234", "1e2", "", ".5", 1],
      [{ kind: "date" }, "0000-01-01", "10000-01-01", "2001-13-01", "2001-01-01T00:00:00"],
      [{ kind: "time" }, "24:00:00", "1:00", "12:00:00.1234567"],
      [{ kind: "timestamp" }, "2001-01-01T00:00:00Z", "2001-01-01 00:00:00", "2001-01-01"],
      [{ kind: "timestamptz", as: "string" }, "2001-01-01T00:00:00", new Date(0)],
      [{ kind: "timestamptz", as: "date" }, "2001-01-01T00:00:00Z", new Date(NaN), new Date(8.64e15)],
      [{ kind: "uuid" }, "x", "6b1c7a526a0e4d2c9f5b1d2f3a4b5c6d"],
      [{ kind: "blob" }, "%", "QR==", "AP8"],
      [{ kind: "list", element: columnX({ kind: "integer" }) }, "1", [null], [1, 0.5]],
      [{ kind: "struct", fields: [columnX({ kind: "integer" })] }, {}, { x: null }, { x: 1, y: 2 }, [1]],
    ] as const) {
      for (const value of values) {
        await assert.rejects(
          world.write([columnX(type)], [{ x: value }]),
          fails("RESULT_MISMATCH", /row 1/),
          `${type.kind} ${inspect(value)}`,
        );
      }
    }
  });

  test("takes what is written loosely as what it means", async () => {
    await using world = await TableWorld.open();
    const declared = columns(
      z.object({
        t: z.iso.time(),
        local: z.iso.datetime({ local: true }),
        at: z.iso.datetime({ offset: true }),
        many: z.array(z.iso.datetime()),
        id: z.guid(),
        n: decimal(6, 2),
      }),
    );
    const table = await world.write(declared, [
      {
        t: "10:30",
        local: "2001-01-01T10:30",
        at: "2001-01-01T01:00+01:00",
        many: ["2001-01-01T10:30Z", "2001-01-01T10:30:01.1234560Z"],
        id: "6B1C7A52-6A0E-4D2C-9F5B-1D2F3A4B5C6D",
        n: "-0007.5000",
      },
    ]);
    const rows = await world.engine.rows({
      statement: statement(sql`select * from ${table}`, table),
      columns: declared,
    });
    assert.deepEqual(rows, [
      {
        t: "10:30:00",
        local: "2001-01-01T10:30:00",
        at: "2001-01-01T00:00:00Z",
        many: ["2001-01-01T10:30:00Z", "2001-01-01T10:30:01.123456Z"],
        id: "6b1c7a52-6a0e-4d2c-9f5b-1d2f3a4b5c6d",
        n: "-7.50",
      },
    ]);
  });

  test("writes an empty table for no rows", async () => {
    await using world = await TableWorld.open();
    const table = await world.write([columnX({ kind: "varchar" })], []);
    assert.equal((await world.engine.audit({ source: table.source, rules: [] })).rowCount, 0);
  });

  test("holds no more memory for a million rows than for some, and removes its segments", async () => {
    await using world = await TableWorld.open({ mode: "batch" });
    const declared = columns(z.object({ n: z.int(), s: z.string(), at: z.date() }));
    const path = world.newPath();
    const held: number[] = [];
    async function* rows(): AsyncGenerator<Row[]> {
      for (let start = 0; start < 1_000_000; start += 10_000) {
        held.push(process.memoryUsage.rss() / 2 ** 20);
        yield Array.from({ length: 10_000 }, (_, index) => ({
          n: start + index,
          s: `row number ${start + index} of a long stream`,
          at: new Date(start + index),
        }));
      }
    }
    const { rowCount } = await world.engine.write({ from: rows(), columns: declared, path });
    assert.equal(rowCount, 1_000_000);
    assert.equal((await readdir(world.directory)).length, 1);
    // Two segments are full by then; were the rest kept, it would take another 150 MiB.
    const [early, late] = [Math.max(...held.slice(0, 40)), Math.max(...held.slice(40))];
    assert.ok(late < early + 60, `${early.toFixed(0)} MiB at first, ${late.toFixed(0)} MiB later`);
    const table = world.table(declared, [{ part: "files", files: [path], columns: declared }]);
    const [last] = await world.engine.rows({
      statement: statement(
        sql`select count(*) as rows, count(distinct n) as different, max(s) as s from ${table}`,
        table,
      ),
    });
    assert.deepEqual(last, {
      rows: 1_000_000,
      different: 1_000_000,
      s: "row number 999999 of a long stream",
    });
  });

  test("a step may read a stream and write at once on an engine that runs one query at a time", async () => {
    await using world = await TableWorld.open({ mode: "batch", maxConcurrent: 1 });
    const declared = [columnX({ kind: "safe_integer" })];
    const copied = await Promise.all(
      [1, 2, 3].map(async (factor) => {
        const source = world.engine.batches({
          statement: statement(sql`select range * ${factor} as x from range(20000)`),
        });
        return world.engine.write({ from: source, columns: declared, path: world.newPath() });
      }),
    );
    assert.deepEqual(
      copied.map(({ rowCount }) => rowCount),
      [20000, 20000, 20000],
    );
  });

  test("passes on what the iterator throws, and ends the iterator when a row is refused", async () => {
    await using world = await TableWorld.open();
    let ended = false;
    async function* rows(): AsyncGenerator<Row[]> {
      try {
        yield [{ x: "not a number" }];
        yield [{ x: 1 }];
      } finally {
        ended = true;
      }
    }
    const declared = [columnX({ kind: "integer" })];
    await assert.rejects(
      world.engine.write({ from: rows(), columns: declared, path: world.newPath() }),
      fails("RESULT_MISMATCH"),
    );
    assert.ok(ended);
    const broken = (async function* (): AsyncGenerator<readonly Row[]> {
      yield* inBatches([{ x: 1 }]);
      throw new RangeError("mine");
    })();
    await assert.rejects(
      world.engine.write({ from: broken, columns: declared, path: world.newPath() }),
      RangeError,
    );
    assert.deepEqual(await readdir(world.directory), []);
  });
});
