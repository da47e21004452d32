import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import * as z from "zod";
import { decimal } from "../../../src/core/column/decimal.ts";
import type { CheckAnswer } from "../../../src/core/check/check-answer.ts";
import type { AuditRule, Row } from "../../../src/ports/table-engine.ts";
import { columns, sql, statement, TableWorld } from "./table-world.ts";

suite("an audit", () => {
  let world: TableWorld;
  before(async () => {
    world = await TableWorld.open();
  });
  after(() => world[Symbol.asyncDispose]());

  const schema = z.object({ origin: z.string().nullable(), day: z.iso.date(), delay: z.int() });
  const good: Row[] = [
    { origin: "SFO", day: "2001-01-01", delay: 5 },
    { origin: "JFK", day: "2001-01-02", delay: -3 },
  ];

  async function answersTo(
    rules: readonly AuditRule[],
    rows: readonly Row[] = good,
  ): Promise<readonly CheckAnswer[]> {
    const { source } = await world.write(columns(schema), rows);
    return (await world.engine.audit({ source, rules })).answers;
  }

  test("answers every rule in the order asked, in words with numbers", async () => {
    const rows = [
      ...good,
      { origin: null, day: "2001-01-02", delay: 900 },
      { origin: "JFK", day: "2001-01-02", delay: 1 },
    ];
    const answers = await answersTo(
      [
        { rule: "not_null", columns: ["origin", "day"] },
        { rule: "unique", columns: ["origin", "day"] },
        { rule: "accepted", column: "origin", values: ["JFK", "it's"] },
        { rule: "range", column: "delay", min: -5, max: 100 },
        { rule: "range", column: "day", min: "2001-01-02" },
        { rule: "row_count", min: 5, max: 1000000 },
      ],
      rows,
    );
    assert.deepEqual(
      answers.map(({ passed, description }) => [passed, description]),
      [
        [false, "1 of 4 rows has no value in origin"],
        [false, "2 of 4 rows have the same values in origin, day as another row"],
        [false, "1 of 4 rows has a value in origin other than JFK, it's"],
        [false, "1 of 4 rows has a value in delay outside -5 to 100"],
        [false, "1 of 4 rows has a value in day below 2001-01-02"],
        [false, "4 rows; wanted 5 to 1,000,000"],
      ],
    );
  });

  test("tells one from many", async () => {
    const rules: AuditRule[] = [
      { rule: "range", column: "delay", max: 4 },
      { rule: "row_count", min: 200, max: 300 },
      { rule: "unique", columns: ["origin"] },
    ];
    const said = async (rows: readonly Row[]): Promise<readonly string[]> =>
      (await answersTo(rules, rows)).map(({ description }) => description);
    assert.deepEqual(await said(good.slice(0, 1)), [
      "1 row of 1 has a value in delay above 4",
      "1 row; wanted 200 to 300",
      "no two rows have the same value in origin",
    ]);
    const twice = [...good, ...good].map((row) => ({ ...row, delay: 5 }));
    assert.deepEqual(await said(twice), [
      "4 of 4 rows have a value in delay above 4",
      "4 rows; wanted 200 to 300",
      "4 of 4 rows have the same value in origin as another row",
    ]);
  });

  test("passes what holds", async () => {
    const answers = await answersTo([
      { rule: "not_null", columns: ["origin"] },
      { rule: "unique", columns: ["day"] },
      { rule: "accepted", column: "origin", values: ["SFO", "JFK"] },
      { rule: "range", column: "delay", min: -3, max: 5 },
      { rule: "row_count", min: 2, max: 2 },
      { rule: "no_rows", statement: statement(sql`select 1 as n where false`) },
    ]);
    assert.deepEqual(
      answers.map(({ passed }) => passed),
      [true, true, true, true, true, true],
    );
  });

  test("takes rows that lack a column of a key for different, as SQL does", async () => {
    const rows = [
      { origin: null, day: "2001-01-01", delay: 0 },
      { origin: null, day: "2001-01-01", delay: 0 },
    ];
    const [unique] = await answersTo([{ rule: "unique", columns: ["origin", "day"] }], rows);
    assert.equal(unique?.passed, true);
  });

  test("shows two of the rows that should not be there, and keeps five", async () => {
    const rule = (tree: ReturnType<typeof sql>): AuditRule => ({
      rule: "no_rows",
      statement: statement(tree),
    });
    const answers = await answersTo([
      rule(sql`select range as n from range(1)`),
      rule(sql`select range as n from range(5)`),
      rule(sql`select range as n from range(1000)`),
    ]);
    assert.deepEqual(
      answers.map(({ passed, description, metadata }) => [
        passed,
        description,
        (metadata["sample"] as Row[]).length,
      ]),
      [
        [false, '1 row found where none should be: {"n":0}', 1],
        [false, '5 rows found where none should be: {"n":0}, {"n":1}, …', 5],
        [false, 'more than 5 rows found where none should be: {"n":0}, {"n":1}, …', 5],
      ],
    );
  });

  test("says no to a rule about a column that is not there", async () => {
    await assert.rejects(answersTo([{ rule: "not_null", columns: ["nope"] }]), { code: "UNKNOWN_COLUMN" });
  });

  test("of an empty table passes rules about values and has a data version", async () => {
    const { source } = await world.write(columns(schema), []);
    const audit = await world.engine.audit({
      source,
      rules: [
        { rule: "unique", columns: ["day"] },
        { rule: "range", column: "delay", max: 1 },
      ],
    });
    assert.deepEqual(
      audit.answers.map(({ passed }) => passed),
      [true, true],
    );
    assert.deepEqual([audit.rowCount, audit.violations], [0, []]);
    assert.match(audit.dataVersion, /:0:0{16}:0{16}$/);
  });

  test("counts a limit of a date range as a Date, an ISO string and a 64-bit number", async () => {
    const declared = columns(z.object({ at: z.date(), big: z.bigint() }));
    const { source } = await world.write(declared, [
      { at: new Date("2001-01-01T12:00:00Z"), big: 9223372036854775807n },
    ]);
    const audit = await world.engine.audit({
      source,
      rules: [
        { rule: "range", column: "at", min: new Date("2001-01-01T12:00:00Z") },
        { rule: "range", column: "at", max: "2001-01-01T11:59:59.999Z" },
        { rule: "range", column: "big", min: 9223372036854775807n },
        { rule: "range", column: "big", max: 9223372036854775806n },
      ],
    });
    assert.deepEqual(
      audit.answers.map(({ passed }) => passed),
      [true, false, true, false],
    );
  });
});

/** A schema of one column, a value that keeps its rules and one that does not, as SQL; and what is said of it. */
const violations: readonly (readonly [schema: z.core.$ZodType, good: string, bad: string, says: RegExp])[] = [
  [z.string(), "'a'", "null", /a value in x that is NULL/],
  [z.string().min(2), "'ab'", "'a'", /is shorter than 2/],
  [z.string().max(2), "'ab'", "'a😀'", /is longer than 2/],
  [z.string().length(2), "'😀'", "'abc'", /is longer than 2/],
  [z.string().regex(/^[a-z]\.\d+$/i), "'A.12'", "'A-12'", /does not match/],
  [z.string().startsWith("a.b"), "'a.bc'", "'aXbc'", /does not match/],
  [z.enum(["it's", "b"]), "'it''s'", "'c'", /is none of it's, b/],
  [z.email(), "'a@b.de'", "'a@b'", /does not match/],
  [z.int().min(3), "3", "2", /is less than 3/],
  [z.int().gt(3), "4", "3", /is not more than 3/],
  [z.int().lt(3).nullable(), "null", "3", /is not less than 3/],
  [z.number().max(2.5), "2.5::double", "2.6::double", /is more than 2.5/],
  [z.int().multipleOf(5), "-10", "12", /is no multiple of 5/],
  [z.number().multipleOf(0.01), "0.07::double", "0.075::double", /is no multiple of 0.01/],
  [
    z.bigint().max(9007199254740993n),
    "9007199254740993",
    "9007199254740994",
    /is more than 9007199254740993/,
  ],
  [z.int(), "9007199254740991", "9007199254740992", /beyond/],
  [
    z.date().min(new Date("2001-01-01T00:00:00Z")),
    "timestamptz '2001-01-01 00:00:00Z'",
    "timestamptz '2000-12-31 23:59:00Z'",
    /is less than 2001/,
  ],
  [z.iso.date(), "date '9999-12-31'", "date '10000-01-01'", /outside the years/],
  [z.iso.date(), "date '0001-01-01'", "'infinity'::date", /outside the years/],
  [z.iso.datetime({ local: true }), "timestamp '0001-01-01'", "timestamp 'infinity'", /outside the years/],
  [z.iso.time(), "time '23:59:59.999999'", "time '24:00:00'", /is 24:00:00/],
  [
    z.uuid(),
    "'6b1c7a52-6a0e-4d2c-9f5b-1d2f3a4b5c6d'::uuid",
    "'6b1c7a52-6a0e-0d2c-9f5b-1d2f3a4b5c6d'::uuid",
    /does not match/,
  ],
  [z.array(z.int().min(0)).max(2), "[0, 1]", "[1, -1]", /has an element that is less than 0/],
  [z.array(z.int()).max(2), "[0, 1]", "[1, 2, 3]", /is longer than 2/],
  [z.array(z.int()), "[1]", "[1, null]", /has an element that is NULL/],
  [
    z.array(z.array(z.string().min(1))),
    "[['a'], []]",
    "[['a'], ['']]",
    /has an element that has an element that is shorter/,
  ],
  [z.object({ a: z.string().min(1) }), "{'a': 'x'}", "{'a': ''}", /has a field a that is shorter than 1/],
  [
    z.object({ a: z.string() }).nullable(),
    "null::struct(a varchar)",
    "{'a': null::varchar}",
    /has a field a that is NULL/,
  ],
  [decimal(4, 2).nullable(), "1.25::decimal(4,2)", "", /./],
];

suite("violations of the declared columns", () => {
  let world: TableWorld;
  before(async () => {
    world = await TableWorld.open();
  });
  after(() => world[Symbol.asyncDispose]());

  const raw = (text: string): ReturnType<typeof sql> => sql(Object.assign([text], { raw: [text] }));

  for (const [type, good, bad, says] of violations) {
    if (bad === "") continue;
    test(`${bad} ${says.source}; ${good} does not`, async () => {
      const declared = columns(z.object({ x: type }));
      const sound = await world.writeSql(declared, sql`select ${raw(good)} as x from range(3)`);
      assert.deepEqual((await world.engine.audit({ source: sound.source, rules: [] })).violations, []);

      const broken = await world.writeSql(
        declared,
        sql`select ${raw(bad)} as x union all select ${raw(good)}`,
      );
      const found = (await world.engine.audit({ source: broken.source, rules: [] })).violations;
      assert.equal(found.length, 1, found.join());
      assert.match(found[0] ?? "", /^1 of 2 rows has /);
      assert.match(found[0] ?? "", says);

      const answer = { statement: statement(sql`select x from ${broken}`, broken), columns: declared };
      await assert.rejects(world.engine.encode({ ...answer, format: "json", shape: "list" }), {
        code: "RESPONSE_INVALID",
        message: says,
      });
      await assert.rejects(world.engine.encode({ ...answer, format: "csv", shape: "list" }), {
        code: "RESPONSE_INVALID",
      });
      await assert.rejects(world.engine.rows(answer), { code: "RESULT_MISMATCH", message: says });
    });
  }

  test("NaN and infinities in an answer are refused, NULL in a nullable column is null", async () => {
    const declared = columns(z.object({ x: z.number().nullable(), y: z.float32().nullable() }));
    const answer = (tree: ReturnType<typeof sql>): Promise<unknown> =>
      world.engine.encode({ statement: statement(tree), columns: declared, format: "json", shape: "list" });
    for (const value of ["nan", "infinity", "-infinity"]) {
      await assert.rejects(answer(sql`select ${value}::double as x, 1::float as y`), {
        code: "RESPONSE_INVALID",
        message: /in x that is NaN/,
      });
      await assert.rejects(answer(sql`select 1::double as x, ${value}::float as y`), {
        code: "RESPONSE_INVALID",
        message: /in y that is NaN/,
      });
    }
    await answer(sql`select null::double as x, null::float as y`);
  });
});
