import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import type { Row } from "../../../src/ports/table-engine.ts";
import { columns, columnX, sql, statement, TableWorld, type Table } from "./table-world.ts";

const raw = (text: string): ReturnType<typeof sql> => sql(Object.assign([text], { raw: [text] }));

suite("SQL over tables", () => {
  let world: TableWorld;
  let flights: Table;
  const declared = columns(
    z.object({
      origin: z.string(),
      day: z.iso.date(),
      seen: z.iso.datetime({ local: true }),
      delay: z.int(),
    }),
  );

  before(async () => {
    world = await TableWorld.open();
    const rows = [
      { origin: "SFO", day: "2001-01-01", seen: "2001-01-01T23:59:59", delay: 10 },
      { origin: "JFK", day: "2001-01-31", seen: "2001-01-31T00:00:00", delay: 20 },
      { origin: "SFO", day: "2001-02-01", seen: "2001-02-01T00:00:00", delay: 30 },
    ];
    const { source } = await world.write(declared, rows);
    flights = world.table(declared, source.parts, "flights");
  });
  after(() => world[Symbol.asyncDispose]());

  const delays = async (tree: ReturnType<typeof sql>, ...tables: Table[]): Promise<unknown[]> =>
    (await world.engine.rows({ statement: statement(tree, flights, ...tables) })).map(({ delay }) => delay);

  test("a table is called by its alias or by one that the SQL gives it", async () => {
    assert.deepEqual(
      await delays(sql`select flights.delay from ${flights} where flights.origin = 'JFK'`),
      [20],
    );
    assert.deepEqual(
      await delays(
        sql`select f.delay from ${flights} f join ${flights} using (day) where f.delay > ${15} order by 1`,
      ),
      [20, 30],
    );
    assert.deepEqual(
      await delays(
        sql`with flights as (select * from ${flights} where delay < 25) select max(delay) as delay from flights`,
      ),
      [20],
    );
  });

  test("two tables of one name do not meet", async () => {
    const other = world.table(
      columns(z.object({ delay: z.int() })),
      (await world.write(columns(z.object({ delay: z.int() })), [{ delay: 7 }])).source.parts,
      "flights",
    );
    assert.deepEqual(
      await delays(
        sql`select (select max(delay) from ${other}) + min(delay) as delay from ${flights}`,
        other,
      ),
      [17],
    );
  });

  test("strings, Dates, numbers and lists are bound as what they would be in the text", async () => {
    assert.deepEqual(
      await delays(sql`select delay from ${flights} where day between ${"2001-01-02"} and ${"2001-01-31"}`),
      [20],
    );
    assert.deepEqual(
      await delays(sql`select delay from ${flights} where seen >= ${"2001-01-31T00:00:00"} order by 1`),
      [20, 30],
    );
    assert.deepEqual(
      await delays(
        sql`select delay from ${flights} where day >= ${new Date("2001-01-31T00:00:00Z")} order by 1`,
      ),
      [20, 30],
    );
    assert.deepEqual(
      await delays(sql`select delay from ${flights} where day >= ${new Date("2001-01-31T12:00:00Z")}`),
      [30],
    );
    assert.deepEqual(
      await delays(sql`select delay from ${flights} where origin in ${["JFK", "x"]} or delay in ${[30n, 1]}`),
      [20, 30],
    );
    assert.deepEqual(await delays(sql`select delay from ${flights} where origin in ${[]}`), []);
    assert.deepEqual(await delays(sql`select delay from ${flights} where day + ${1} = '2001-02-01'`), [20]);
    assert.deepEqual(
      await delays(
        sql`select delay from ${flights} where ${null} is null and ${true} limit ${1} offset ${2}`,
      ),
      [30],
    );
    const [row] = await world.engine.rows({
      statement: statement(
        sql`select ${2 ** 31} as i, ${1.5} as d, ${2n ** 64n} > ${2n ** 63n} as h, ${new Uint8Array([0, 255])} as b, ${"é"} as s`,
      ),
    });
    assert.deepEqual(row, { i: 2 ** 31, d: 1.5, h: true, b: "AP8=", s: "é" });
  });

  test("a partition's bounds select its rows from columns of dates, local times and instants", async () => {
    const bounds = {
      key: "2001-01",
      start: new Date("2001-01-01T00:00:00Z"),
      end: new Date("2001-02-01T00:00:00Z"),
    };
    const months = (await import("../../../src/core/partition/partitions.ts")).partitions.monthly({
      start: "2001-01",
    });
    for (const column of ["day", "seen", "seen::timestamptz"]) {
      const tree = sql`select delay, ${months.key} as key from ${flights} where ${raw(column)} >= ${months.start} and ${raw(column)} < ${months.end} order by 1`;
      const rows = await world.engine.rows({ statement: { ...statement(tree, flights), partition: bounds } });
      assert.deepEqual(
        rows,
        [
          { delay: 10, key: "2001-01" },
          { delay: 20, key: "2001-01" },
        ],
        column,
      );
      await assert.rejects(world.engine.rows({ statement: statement(tree, flights) }), {
        code: "SQL_NO_PARTITION",
      });
    }
  });

  test("no string can change the statement", async () => {
    const attempts = ["' or '1'='1", "'; drop schema main; --", '"', "\\", "$1", "%", "\0", "/*", "x'--"];
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(...attempts), fc.string({ unit: "binary" })),
        async (text) => {
          const rows = await world.engine.rows({
            statement: statement(
              sql`select ${text} as s, count(*) as n from ${flights} where origin = ${text}`,
              flights,
            ),
          });
          assert.deepEqual(rows, [{ s: text, n: 0 }]);
        },
      ),
    );
  });

  test("no identifier can change the statement", async () => {
    const { sql: api } = await import("../../../src/core/sql/sql.ts");
    for (const name of ['x" union select 1 --', 'a"b', "a b", "select", "é", "a.b"]) {
      const rows: Row[] = await world.engine.rows({ statement: statement(sql`select 1 as ${api.id(name)}`) });
      assert.deepEqual(rows, [{ [name]: 1 }]);
    }
    for (const name of ["", "a\0b"]) {
      await assert.rejects(world.engine.rows({ statement: statement(sql`select 1 as ${api.id(name)}`) }), {
        code: "SQL_NOT_A_SELECT",
      });
    }
  });

  test("anything but one SELECT is refused and does nothing", async () => {
    const victim = join(world.directory, "victim.csv");
    for (const text of [
      `copy (select 1) to '${victim}'`,
      "create table x (i int)",
      "drop schema main cascade",
      "set threads = 1",
      "attach ':memory:' as other",
      "install httpfs",
      "load json",
      "call pragma_version()",
      "explain select 1",
      "select 1; select 2",
      `select 1; copy (select 1) to '${victim}'`,
      "pivot (select 1 as a, 2 as b) on a using sum(b)",
      "",
      "-- nothing",
    ]) {
      await assert.rejects(
        world.engine.rows({ statement: statement(raw(text)) }),
        { code: /SQL_NOT_A_SELECT|SQL_FAILED/ },
        text,
      );
      await assert.rejects(
        world.engine.prepare({ statement: statement(raw(text)) }),
        { code: /SQL_NOT_A_SELECT|SQL_FAILED/ },
        text,
      );
    }
    await assert.rejects(access(victim));
    assert.deepEqual(await world.engine.rows({ statement: statement(raw("select 1 as x;  ")) }), [{ x: 1 }]);
    assert.deepEqual(
      await world.engine.rows({ statement: statement(raw("from (values (1)) t(x) -- all of it")) }),
      [{ x: 1 }],
    );
  });

  test("a mistake in the SQL is told in the engine's words", async () => {
    await assert.rejects(
      world.engine.rows({ statement: statement(sql`select nope from ${flights}`, flights) }),
      { code: "SQL_FAILED", message: /"nope" not found/ },
    );
    await assert.rejects(world.engine.rows({ statement: statement(sql`selec 1`) }), {
      code: "SQL_FAILED",
      message: /syntax error/,
    });
    await assert.rejects(world.engine.rows({ statement: statement(sql`select 'x'::int as n`) }), {
      code: "SQL_FAILED",
      message: /Could not convert/,
    });
    await assert.rejects(world.engine.rows({ statement: statement(sql`select $2 + ${1} as n`) }), {
      code: "SQL_FAILED",
    });
  });

  test("preparing tells what an answer lacks without running the query", async () => {
    const endless = sql`select count(*) as n from range(1e15::bigint)`;
    await world.engine.prepare({ statement: statement(endless), columns: columns(z.object({ n: z.int() })) });
    await assert.rejects(
      world.engine.prepare({ statement: statement(endless), columns: columns(z.object({ m: z.int() })) }),
      {
        code: "RESPONSE_INVALID",
        message: /column m \(BIGINT\) is declared, but the result has only n/,
      },
    );
  });

  test("an answer leaves out columns that nobody declared", async () => {
    const request = {
      statement: statement(sql`select 1 as x, 2 as y`),
      columns: [columnX({ kind: "integer" })],
      shape: "list",
    } as const;
    assert.equal((await world.engine.encode({ ...request, format: "json" })).body.toString(), '[{"x":1}]');
  });

  test("without declared columns rows have the types that hold their values, or the query fails", async () => {
    const rows = await world.engine.rows({
      statement: statement(
        sql`select count(*) as n, sum(delay) as total, avg(delay) as mean, 1.50 as d, max(day) as day, [1, null] as l, {'a': true} as s, null as nothing from ${flights}`,
        flights,
      ),
    });
    assert.deepEqual(rows, [
      {
        n: 3,
        total: 60,
        mean: 20,
        d: "1.50",
        day: "2001-02-01",
        l: [1, null],
        s: { a: true },
        nothing: null,
      },
    ]);
    await assert.rejects(world.engine.rows({ statement: statement(sql`select 9007199254740993 as n`) }), {
      code: "RESULT_MISMATCH",
      message: /beyond/,
    });
    await assert.rejects(world.engine.rows({ statement: statement(sql`select interval 1 day as n`) }), {
      code: "RESULT_MISMATCH",
      message: /INTERVAL/,
    });
    await assert.rejects(world.engine.rows({ statement: statement(sql`select map {'a': 1} as n`) }), {
      code: "RESULT_MISMATCH",
      message: /MAP/,
    });
  });
});

suite("the mark of being deterministic", () => {
  let world: TableWorld;
  let table: Table;
  before(async () => {
    world = await TableWorld.open();
    table = await world.write([columnX({ kind: "varchar" })], [{ x: "a" }]);
  });
  after(() => world[Symbol.asyncDispose]());

  const deterministic = async (text: string): Promise<boolean> => {
    const [before, after] = text.split("@");
    const tree = after === undefined ? raw(text) : sql`${raw(before ?? "")}${table}${raw(after)}`;
    const request = {
      statement: statement(tree, table),
      columns: [columnX({ kind: "varchar" }, { nullable: true })],
      maxRows: 1000,
    };
    return (await world.engine.encode({ ...request, format: "json", shape: "list" })).deterministic;
  };

  for (const text of [
    "select x from @",
    "select upper(x) as x from @ where x like 'a%' order by x",
    "select 'now() and random()' as x",
    "with t as (select x from @) select string_agg(x, ',' order by x) as x from t",
    "select range::varchar as x from range(3)",
    "select unnest(['a', 'b']) as x",
    'select "now" as x from (select 1::varchar as "now")  t',
  ]) {
    const says = text.includes('"now"') ? "no, to be on the safe side," : "yes";
    test(`is ${says} for ${text}`, async () => assert.equal(await deterministic(text), says === "yes"));
  }
  for (const text of [
    "select random()::varchar as x",
    "select now()::varchar as x",
    "select current_timestamp::varchar as x",
    "select current_date::varchar as x",
    "select CURRENT_DATE::varchar as x",
    "select get_current_timestamp()::varchar as x",
    "select uuid()::varchar as x",
    "select x from @ where random() >= 0",
    "select x from @ order by random()",
    "select (select today()::varchar) as x from @",
    "with t as (select uuid() as u) select x from @, t",
    "select x from @ using sample 1",
    "select x from @ tablesample reservoir(1)",
    "select x from (select x, row_number() over (order by random()) as n from @)",
    "select current_setting('TimeZone') as x",
    "select varchar as x from test_all_types() limit 1",
  ]) {
    test(`is no for ${text}`, async () => assert.equal(await deterministic(text), false));
  }
});
