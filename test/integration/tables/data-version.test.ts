import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import * as fc from "fast-check";
import type { Column } from "../../../src/core/column/column.ts";
import type { Row } from "../../../src/ports/table-engine.ts";
import { sql, TableWorld, type Table } from "./table-world.ts";

type ColumnList = readonly Column[];

const nullable = (name: string, type: Column["type"]): Column => ({ name, type, nullable: true, rules: [] });
const word = (name: string): Column => nullable(name, { kind: "varchar" });
const words: ColumnList = [word("a"), word("b")];

/** Columns of every sort of hash, with few values, which are easily confused. */
const mixed: ColumnList = [
  ...words,
  nullable("n", { kind: "bigint" }),
  nullable("d", { kind: "double" }),
  nullable("l", { kind: "list", element: word("element") }),
];
const text = fc.constantFrom<string | null>(null, "", "a", "b", "ab", "null", "0", "a\0");
const mixedRow = fc.record(
  {
    a: text,
    b: text,
    n: fc.constantFrom<bigint | null>(null, 0n, 1n, -1n),
    d: fc.constantFrom<number | null>(null, 0, -0, 1, 0.1, 0.30000000000000004, 0.3),
    l: fc.option(fc.array(text, { maxLength: 2 })),
  },
  { noNullPrototype: true },
);
const mixedRows = fc.array(mixedRow, { minLength: 1, maxLength: 6 });

/** The rows as a multiset, told by text: what a data version has to tell apart, and nothing else. */
const multiset = (rows: readonly Row[]): string =>
  rows
    .map((row) =>
      JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value)),
    )
    .sort()
    .join();

suite("N3: the data version of a table", () => {
  let world: TableWorld;
  before(async () => {
    world = await TableWorld.open();
  });
  after(() => world[Symbol.asyncDispose]());

  /** The ways by which rows become a table. */
  const ways = {
    "rows of TypeScript": (columns: ColumnList, rows: readonly Row[]) => world.write(columns, rows),
    SQL: async (columns: ColumnList, rows: readonly Row[]) => {
      const table = await world.write(columns, rows);
      return world.writeSql(columns, sql`select * from ${table} order by random()`, table);
    },
    "a Parquet file of somebody else": async (columns: ColumnList, rows: readonly Row[]) => {
      const [part] = (await world.write(columns, rows)).source.parts;
      assert.ok(part?.part === "files");
      const [path = ""] = part.files;
      const theirs = world.table(columns, [{ part: "external", format: "parquet", path }], "theirs");
      return world.writeSql(columns, sql`select * from ${theirs}`, theirs);
    },
  };
  const anyWay = fc.constantFrom(...Object.values(ways));

  async function audited({ source }: Table): Promise<string> {
    return (await world.engine.audit({ source, rules: [] })).dataVersion;
  }
  const versionOf = async (rows: readonly Row[], columns: ColumnList = words): Promise<string> =>
    audited(await world.write(columns, rows));

  test("names the engine's version and the number of rows", async () => {
    assert.match(await versionOf([{ a: "x", b: null }]), /^duckdb-\d+\.\d+:1:[0-9a-f]{16}:[0-9a-f]{16}$/);
    assert.match(await versionOf([]), /^duckdb-\d+\.\d+:0:0{16}:0{16}$/);
  });

  test("is equal for equal rows in any order, whichever way they came", async () => {
    const orders = mixedRows.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }), anyWay),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([rows, shuffled, way]) => {
        assert.equal(await versionOf(rows, mixed), await audited(await way(mixed, shuffled)));
      }),
      { numRuns: 60 },
    );
  });

  test("is equal if and only if the rows are, counted with their duplicates: as a naive comparison says", async () => {
    const changed = mixedRows.chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.oneof(
          mixedRows,
          // Another row in the place of one, one row less, one row twice, or none of these.
          fc.tuple(fc.nat(rows.length - 1), mixedRow).map(([at, row]) => rows.with(at, row)),
          fc.nat(rows.length - 1).map((at) => rows.toSpliced(at, 1)),
          fc.nat(rows.length - 1).map((at) => [...rows, ...rows.slice(at, at + 1)]),
          fc.shuffledSubarray(rows, { minLength: rows.length }),
        ),
        anyWay,
      ),
    );
    await fc.assert(
      fc.asyncProperty(changed, async ([one, other, way]) => {
        const equal = (await versionOf(one, mixed)) === (await audited(await way(mixed, other)));
        assert.equal(equal, multiset(one) === multiset(other));
      }),
      { numRuns: 150 },
    );
  });

  for (const [name, way] of Object.entries(ways)) {
    test(`tells apart tables that are easily confused, made from ${name}`, async () => {
      const tables: readonly (readonly Row[])[] = [
        [],
        [{ a: null, b: null }],
        [{ a: "", b: null }],
        [{ a: null, b: "" }],
        [{ a: "", b: "" }],
        [{ a: "0", b: "" }],
        [{ a: "null", b: "" }],
        [{ a: "a", b: "" }],
        [{ a: "a\0", b: "" }],
        [{ a: "A", b: "" }],
        [{ a: "a ", b: "" }],
        [{ a: "ab", b: "c" }],
        [{ a: "a", b: "bc" }],
        [{ a: "abc", b: "" }],
        [{ a: "é", b: "" }],
        [{ a: "e\u0301", b: "" }],
        // Rows twice, and sums that would come out alike if rows were only xored or only counted.
        [
          { a: "", b: "" },
          { a: "", b: "" },
        ],
        [
          { a: "a", b: "" },
          { a: "a", b: "" },
        ],
        [
          { a: "a", b: "" },
          { a: "a", b: "" },
          { a: "a", b: "" },
        ],
        // Cells that were swapped between rows, and between columns.
        [
          { a: "1", b: "2" },
          { a: "3", b: "4" },
        ],
        [
          { a: "1", b: "4" },
          { a: "3", b: "2" },
        ],
        [
          { a: "2", b: "1" },
          { a: "4", b: "3" },
        ],
        [
          { a: "2", b: "1" },
          { a: "3", b: "4" },
        ],
      ];
      const versions = new Map<string, string>();
      for (const rows of tables) {
        const version = await audited(await way(words, rows));
        assert.equal(versions.get(version), undefined, JSON.stringify(rows));
        versions.set(version, JSON.stringify(rows));
      }
    });
  }

  test("changes with a column's name, with the order of the columns, and with a column more or less", async () => {
    const rows = [{ a: "x", b: "x", c: null }];
    const schemas = [
      [word("a"), word("b")],
      [word("b"), word("a")],
      [word("a"), word("c")],
      [word("a")],
      [word("a"), word("b"), word("c")],
    ];
    const versions = new Set<string>();
    const only = (columns: ColumnList): Row[] =>
      rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name as "a"]])));
    for (const columns of schemas) versions.add(await versionOf(only(columns), columns));
    assert.equal(versions.size, schemas.length);
  });

  test("does not ask in which order a row or a statement names the declared columns", async () => {
    const version = await versionOf([{ a: "x", b: "y" }]);
    assert.equal(await versionOf([{ b: "y", a: "x" }]), version);
    assert.equal(await audited(await world.writeSql(words, sql`select 'y' as b, 'x' as a`)), version);
  });

  test("changes with a column's type, though the values look or hash alike", async () => {
    const types: readonly (readonly [Column["type"], unknown])[] = [
      [{ kind: "integer" }, 1],
      [{ kind: "uinteger" }, 1],
      [{ kind: "safe_integer" }, 1],
      [{ kind: "ubigint" }, 1n],
      [{ kind: "float" }, 1],
      [{ kind: "double" }, 1],
      [{ kind: "decimal", precision: 10, scale: 2 }, "1"],
      [{ kind: "decimal", precision: 12, scale: 2 }, "1"],
      [{ kind: "decimal", precision: 10, scale: 3 }, "1"],
      [{ kind: "varchar" }, "1"],
      [{ kind: "boolean" }, true],
      [{ kind: "list", element: nullable("element", { kind: "integer" }) }, [1]],
      [{ kind: "list", element: nullable("element", { kind: "double" }) }, [1]],
      [{ kind: "struct", fields: [nullable("f", { kind: "integer" })] }, { f: 1 }],
      [{ kind: "struct", fields: [nullable("g", { kind: "integer" })] }, { g: 1 }],
    ];
    const [filled, empty] = [new Set<string>(), new Set<string>()];
    for (const [type, value] of types) {
      filled.add(await versionOf([{ n: value }], [nullable("n", type)]));
      empty.add(await versionOf([{ n: null }], [nullable("n", type)]));
    }
    assert.deepEqual([filled.size, empty.size], [types.length, types.length]);
  });

  test("is that of the stored bytes: z.int() and z.bigint() are stored alike, and the schema tells them apart", async () => {
    const [whole, exact] = [[nullable("n", { kind: "safe_integer" })], [nullable("n", { kind: "bigint" })]];
    assert.equal(await versionOf([{ n: 1 }], whole), await versionOf([{ n: 1n }], exact));
  });

  for (const kind of ["float", "double"] as const) {
    test(`is one for 0 and -0 of a ${kind}, which are stored alike; NaN is refused, so it has none`, async () => {
      const numbers = [nullable("n", { kind })];
      const zero = await versionOf([{ n: 0 }], numbers);
      assert.equal(await versionOf([{ n: -0 }], numbers), zero);
      const cast = { float: sql`select '-0.0'::float as n`, double: sql`select '-0.0'::double as n` };
      assert.equal(await audited(await world.writeSql(numbers, cast[kind])), zero);
      assert.notEqual(await versionOf([{ n: null }], numbers), zero);
      await assert.rejects(versionOf([{ n: Number.NaN }], numbers), { code: "RESULT_MISMATCH" });
      const nan = { float: sql`select 'nan'::float as n`, double: sql`select 'nan'::double as n` };
      await assert.rejects(world.writeSql(numbers, nan[kind]), { code: "RESULT_MISMATCH" });
    });
  }

  test("tells NULL from an empty list, and a NULL struct from a struct of NULLs", async () => {
    const lists = [nullable("n", { kind: "list", element: word("element") })];
    const seen = new Set<string>();
    const values = [null, [], [null], ["null"], [""], ["a", "b"], ["b", "a"], ["ab"], ["a,b"]];
    for (const value of values) seen.add(await versionOf([{ n: value }], lists));
    assert.equal(seen.size, values.length);
    const structs = [nullable("n", { kind: "struct", fields: [word("f")] })];
    assert.notEqual(await versionOf([{ n: null }], structs), await versionOf([{ n: { f: null } }], structs));
  });

  test("changes when a single cell of many does", async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => ({
      a: `row ${index}`,
      b: index % 7 === 0 ? null : "b",
    }));
    const version = await versionOf(rows);
    await fc.assert(
      fc.asyncProperty(fc.nat(2999), fc.constantFrom("a", "b"), async (index, name) => {
        const changed = rows.map((row, at) => (at === index ? { ...row, [name]: "changed" } : row));
        assert.notEqual(await versionOf(changed), version);
      }),
      { numRuns: 10 },
    );
  });

  test("changes when one cell of ten million rows does, and not when they are written in another order", async () => {
    const columns = [nullable("id", { kind: "safe_integer" }), nullable("n", { kind: "integer" })];
    const rows = 10_000_000;
    const made = (last: number): Promise<Table> =>
      world.writeSql(
        columns,
        sql`select i as id, (case when i = 7654321 then ${last} else i % 1000 end)::integer as n from range(${rows}) as t(i)`,
      );
    const version = await audited(await made(321));
    assert.match(version, /^duckdb-\d+\.\d+:10000000:/);
    assert.notEqual(await audited(await made(322)), version);
    const backwards = sql`select ${rows - 1} - i as id, ((${rows - 1} - i) % 1000)::integer as n from range(${rows}) as t(i)`;
    assert.equal(await audited(await world.writeSql(columns, backwards)), version);
  });
});
