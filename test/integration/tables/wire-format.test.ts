import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import * as fc from "fast-check";
import type { Column, ColumnType } from "../../../src/core/column/column.ts";
import { wireFormat, type WireFormatRow } from "../../../src/core/column/wire-format.ts";
import { columnX, sql, statement, TableWorld } from "./table-world.ts";

/** Values at the edges of a type, beside the example of its row. */
const edges: readonly { readonly type: ColumnType; readonly values: readonly unknown[] }[] = [
  {
    type: { kind: "varchar" },
    values: ["", " ", "a,b", '"', "\r\n", "😀", "\u0000", "\u2028", "null", "é".normalize("NFD")],
  },
  { type: { kind: "boolean" }, values: [true, false] },
  { type: { kind: "integer" }, values: [0, 2147483647, -2147483648] },
  { type: { kind: "uinteger" }, values: [0, 4294967295] },
  { type: { kind: "safe_integer" }, values: [0, 9007199254740991, -9007199254740991] },
  { type: { kind: "bigint" }, values: [0n, 9223372036854775807n, -9223372036854775808n] },
  { type: { kind: "ubigint" }, values: [0n, 18446744073709551615n] },
  {
    type: { kind: "float" },
    values: [0, 0.5, 3.4028234663852886e38, 1.401298464324817e-45, 0.10000000149011612],
  },
  {
    type: { kind: "double" },
    values: [0, 0.1, 5e-324, 1.7976931348623157e308, 1e21, 1e-7, 123456789012345680000, -1.5],
  },
  {
    type: { kind: "decimal", precision: 38, scale: 0 },
    values: ["0", "-99999999999999999999999999999999999999"],
  },
  { type: { kind: "decimal", precision: 4, scale: 4 }, values: ["0.0000", "-0.5000", "0.9999"] },
  { type: { kind: "date" }, values: ["0001-01-01", "0001-12-31", "1969-12-31", "2000-02-29", "9999-12-31"] },
  { type: { kind: "time" }, values: ["00:00:00", "23:59:59.999999", "12:30:00.1"] },
  {
    type: { kind: "timestamp" },
    values: ["0001-01-01T00:00:00", "1969-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999"],
  },
  {
    type: { kind: "timestamptz", as: "string" },
    values: ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
  },
  {
    type: { kind: "timestamptz", as: "date" },
    values: [
      new Date(0),
      new Date(-1),
      new Date("0001-01-01T00:00:00.000Z"),
      new Date("9999-12-31T23:59:59.999Z"),
    ],
  },
  {
    type: { kind: "uuid" },
    values: ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  },
  { type: { kind: "blob" }, values: ["", "AA==", "/+8="] },
  { type: listOf({ kind: "varchar" }), values: [[], ["", 'a"b', null, "]", "null"]] },
  { type: listOf({ kind: "timestamptz", as: "date" }), values: [[new Date(5)], [null]] },
  { type: listOf(listOf({ kind: "ubigint" })), values: [[[18446744073709551615n], null, []]] },
  {
    type: structOf({ b: { kind: "blob" }, l: listOf(structOf({ d: { kind: "double" } })) }),
    values: [
      { b: "AP8=", l: [{ d: 0.1 }, null, { d: null }] },
      { b: null, l: null },
    ],
  },
  { type: structOf({ 'a"b\\': { kind: "varchar" } }), values: [{ 'a"b\\': "x" }] },
];

const cases: {
  readonly type: ColumnType;
  readonly value: unknown;
  readonly json?: string;
  readonly csv?: string;
}[] = [
  ...Object.values<WireFormatRow>(wireFormat).map(({ example: { type, javascript, json, csv } }) => ({
    type,
    value: javascript,
    json,
    csv,
  })),
  ...edges.flatMap(({ type, values }) => values.map((value) => ({ type, value }))),
];

function listOf(type: ColumnType): ColumnType {
  return { kind: "list", element: { name: "element", type, nullable: true, rules: [] } };
}

function structOf(fields: Readonly<Record<string, ColumnType>>): ColumnType {
  return {
    kind: "struct",
    fields: Object.entries(fields).map(([name, type]) => ({ name, type, nullable: true, rules: [] })),
  };
}

/** What JSON.parse makes of a value that went through the wire. */
function overJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)),
  );
}

suite("the wire format", () => {
  let world: TableWorld;
  before(async () => {
    world = await TableWorld.open();
  });
  after(() => world[Symbol.asyncDispose]());

  for (const { type, value, json, csv } of cases) {
    const shown = JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === "bigint" ? `${inner}n` : inner,
    );
    const name = type.kind === "timestamptz" ? `timestamptz as ${type.as}` : type.kind;
    test(`${name} ${shown} is the same in TypeScript, Parquet, SQL, JSON and CSV`, async () => {
      const column = columnX(type);
      const written = await world.write([column], [{ x: value }]);
      const again = await world.writeSql([column], sql`select x from ${written}`, written);
      const all = statement(sql`select * from ${again}`, again);

      assert.deepEqual(await world.engine.rows({ statement: all, columns: [column] }), [{ x: value }]);
      const body = await world.engine.encode({
        statement: all,
        columns: [column],
        format: "json",
        shape: "one",
      });
      const text = body.body.toString();
      assert.deepEqual(JSON.parse(text), { x: overJson(value) });
      if (json !== undefined) assert.equal(text, `{"x":${json}}`);
      const cell = await world.engine.encode({
        statement: all,
        columns: [column],
        format: "csv",
        shape: "list",
      });
      if (csv !== undefined) assert.equal(cell.body.toString(), `x\r\n${csv}\r\n`);
      assert.equal(unquoted(cell.body.toString()), plain(overJson(value), text, type));

      if (type.kind === "list" || type.kind === "struct") return;
      const bound = type.kind === "blob" ? Buffer.from(String(value), "base64") : value;
      const found = await world.engine.rows({
        statement: statement(sql`select 1 as n from ${again} where x = ${bound}`, again),
      });
      assert.deepEqual(found, [{ n: 1 }], "a bound parameter equals the stored value");
    });
  }

  for (const [index, { type }] of edges.entries()) {
    test(`NULL of a nullable ${type.kind} is null on every path (${index + 1})`, async () => {
      const column = columnX(type, { nullable: true });
      const written = await world.write([column], [{ x: null }]);
      const all = statement(sql`select * from ${written}`, written);
      assert.deepEqual(await world.engine.rows({ statement: all, columns: [column] }), [{ x: null }]);
      const json = await world.engine.encode({
        statement: all,
        columns: [column],
        format: "json",
        shape: "list",
      });
      assert.equal(json.body.toString(), '[{"x":null}]');
      const csv = await world.engine.encode({
        statement: all,
        columns: [column],
        format: "csv",
        shape: "list",
      });
      assert.equal(csv.body.toString(), "x\r\n\r\n");
    });
  }

  test("any row of any values comes back from Parquet and from JSON as it was (N30)", async () => {
    const declared: Column[] = [
      { name: "s", type: { kind: "varchar" }, nullable: true, rules: [] },
      { name: "d", type: { kind: "double" }, nullable: true, rules: [] },
      { name: "f", type: { kind: "float" }, nullable: false, rules: [] },
      { name: "b", type: { kind: "bigint" }, nullable: false, rules: [] },
      { name: "i", type: { kind: "safe_integer" }, nullable: false, rules: [] },
      { name: "at", type: { kind: "timestamptz", as: "date" }, nullable: false, rules: [] },
      { name: "l", type: listOf({ kind: "varchar" }), nullable: false, rules: [] },
    ];
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const row = fc.record(
      {
        s: fc.option(fc.string({ unit: "binary" })),
        d: fc.option(number),
        f: fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
        b: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        i: fc.maxSafeInteger().map((value) => value + 0),
        at: fc.date({
          min: new Date("0001-01-01T00:00:00Z"),
          max: new Date("9999-12-31T23:59:59.999Z"),
          noInvalidDate: true,
        }),
        l: fc.array(fc.option(fc.string({ unit: "binary" })), { maxLength: 3 }),
      },
      { noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
        const written = await world.write(declared, rows);
        const all = statement(sql`select * from ${written}`, written);
        assert.deepEqual(await world.engine.rows({ statement: all, columns: declared }), rows);
        const { body } = await world.engine.encode({
          statement: all,
          columns: declared,
          format: "json",
          shape: "list",
        });
        assert.deepEqual(JSON.parse(body.toString()), overJson(rows));
      }),
      { numRuns: 60 },
    );
  });

  test("an answer of many rows has the same bytes whichever way it is encoded (N28, N30)", async () => {
    const declared = [columnX({ kind: "safe_integer" }), { ...columnX({ kind: "varchar" }), name: "s" }];
    const many = statement(sql`select range as x, 'é"' || range as s from range(5000)`);
    for (const format of ["json", "csv"] as const) {
      const request = { statement: many, columns: declared, format, shape: "list", lastOf: ["s"] } as const;
      // The first run takes the rows one by one; the second knows that there are many and lets the engine join them.
      const first = await world.engine.encode(request);
      const second = await world.engine.encode(request);
      assert.equal(first.rowCount, 5000);
      assert.ok(first.body.equals(second.body));
      assert.deepEqual([first.last, second.last], [{ s: 'é"4999' }, { s: 'é"4999' }]);
      assert.equal(second.rowCount, 5000);
    }
  });
});

function unquoted(csv: string): string {
  const cell = csv.slice("x\r\n".length, -"\r\n".length);
  return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

/** A value's plain text: its JSON without quotes, or the JSON itself for what is nested. */
function plain(json: unknown, object: string, { kind }: ColumnType): string {
  if (typeof json === "string" && kind !== "list") return json;
  return object.slice('{"x":'.length, -1);
}
