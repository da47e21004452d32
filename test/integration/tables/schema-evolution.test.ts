import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { inspect } from "node:util";
import * as fc from "fast-check";
import type { Column, ColumnType } from "../../../src/core/column/column.ts";
import { canRead } from "../../../src/core/column/schema-change.ts";
import { columnWidens, widens } from "../../../src/core/column/widens.ts";
import type { Row } from "../../../src/ports/table-engine.ts";
import { columnX, sql, statement, TableWorld } from "./table-world.ts";

/** A value as it is met in TypeScript, in the wider type: what the engine has to come to on its own way. */
function inWider(value: unknown, from: ColumnType, to: ColumnType): unknown {
  if (value === null) return null;
  switch (to.kind) {
    case "bigint":
    case "ubigint":
      return BigInt(value as number | bigint);
    case "decimal": {
      const [whole, fraction = ""] = text(value as string | number | bigint).split(".");
      return to.scale === 0 ? whole : `${whole}.${fraction.padEnd(to.scale, "0")}`;
    }
    case "timestamp":
      return from.kind === "date" ? `${value as string}T00:00:00` : value;
    case "timestamptz":
      return value instanceof Date && to.as === "string"
        ? value.toISOString().replace(/\.?0*Z$/, "Z")
        : value;
    case "list": {
      const inner = from.kind === "list" ? from.element.type : from;
      return (value as unknown[]).map((element) => inWider(element, inner, to.element.type));
    }
    case "struct":
      return from.kind === "struct" ? rowInWider(value as Row, from.fields, to.fields) : value;
    default:
      return value;
  }
}

const text = (value: string | number | bigint): string => value.toString();

function rowInWider(row: Row, from: readonly Column[], to: readonly Column[]): Row {
  return Object.fromEntries(
    to.map(({ name, type }) => {
      const before = from.find((column) => column.name === name);
      return [name, before === undefined ? null : inWider(row[name], before.type, type)];
    }),
  );
}

/** Files of one schema are read together, so rows come in another order than they were written. */
function inAnyOrder(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => (inspect(a, { depth: 9 }) < inspect(b, { depth: 9 }) ? -1 : 1));
}

const plainKinds =
  "varchar boolean integer uinteger safe_integer bigint ubigint float double date timestamp".split(" ") as (
    | "integer"
    | "varchar"
  )[];
const scalars: readonly ColumnType[] = [
  ...plainKinds.map((kind) => ({ kind })),
  { kind: "timestamptz", as: "date" },
  { kind: "timestamptz", as: "string" },
  ...[
    [4, 1],
    [9, 2],
    [18, 2],
    [24, 4],
    [38, 6],
    [38, 0],
  ].map(([precision = 1, scale = 0]): ColumnType => ({ kind: "decimal", precision, scale })),
];

const names = ["a", "b", "c", "d e"];
const nested = (depth: number): fc.Arbitrary<ColumnType> =>
  depth === 0
    ? fc.constantFrom(...scalars)
    : fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...scalars) },
        {
          weight: 1,
          arbitrary: columnArbitrary("element", depth - 1).map((element): ColumnType => ({
            kind: "list",
            element,
          })),
        },
        {
          weight: 1,
          arbitrary: schemaArbitrary(depth - 1).map((fields): ColumnType => ({ kind: "struct", fields })),
        },
      );

function columnArbitrary(name: string, depth: number): fc.Arbitrary<Column> {
  return fc
    .record({ type: nested(depth), nullable: fc.boolean() })
    .map((shape): Column => ({ name, ...shape, rules: [] }));
}

function schemaArbitrary(depth: number): fc.Arbitrary<readonly Column[]> {
  return fc
    .shuffledSubarray(names, { minLength: 1 })
    .chain((chosen) => fc.tuple(...chosen.map((name) => columnArbitrary(name, depth))));
}

/** A type that this one may become: the same, a wider one, or (seldom) any. */
function laterType(type: ColumnType): fc.Arbitrary<ColumnType> {
  const any = { weight: 1, arbitrary: fc.constantFrom(...scalars) };
  if (type.kind === "list") {
    const list = laterColumn(type.element).map((element): ColumnType => ({ kind: "list", element }));
    return fc.oneof({ weight: 15, arbitrary: list }, any);
  }
  if (type.kind === "struct") {
    const struct = laterSchema(type.fields).map((fields): ColumnType => ({ kind: "struct", fields }));
    return fc.oneof({ weight: 15, arbitrary: struct }, any);
  }
  return fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom(...scalars.filter((wider) => widens(type, wider))) },
    any,
  );
}

function laterColumn({ name, type, nullable }: Column): fc.Arbitrary<Column> {
  return fc
    .record({ type: laterType(type), nullable: nullable ? fc.constant(true) : fc.boolean() })
    .map((shape) => ({ name, ...shape, rules: [] }));
}

/** Columns kept, widened, dropped, put in another order, and nullable ones added. */
function laterSchema(columns: readonly Column[]): fc.Arbitrary<readonly Column[]> {
  const absent = names.filter((name) => columns.every((column) => column.name !== name));
  return fc
    .tuple(
      fc.shuffledSubarray([...columns], { minLength: 1 }),
      fc.shuffledSubarray(absent, { maxLength: Math.min(1, absent.length) }),
    )
    .chain(([kept, added]) =>
      fc.tuple(
        ...kept.map(laterColumn),
        ...added.map((name) => columnArbitrary(name, 0).map((column) => ({ ...column, nullable: true }))),
      ),
    );
}

function valueOf({ type, nullable }: Column): fc.Arbitrary<unknown> {
  const value = presentValue(type);
  return nullable
    ? fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: value })
    : value;
}

function presentValue(type: ColumnType): fc.Arbitrary<unknown> {
  const days = fc.integer({ min: -100_000, max: 100_000 });
  const edges = (least: bigint, most: bigint) =>
    fc.oneof(fc.constantFrom(least, most, 0n), fc.bigInt({ min: least, max: most }));
  switch (type.kind) {
    case "varchar":
      return fc.constantFrom("", "é", "1", 'a "b"', "NULL");
    case "boolean":
      return fc.boolean();
    case "integer":
      return edges(-(2n ** 31n), 2n ** 31n - 1n).map(Number);
    case "uinteger":
      return edges(0n, 2n ** 32n - 1n).map(Number);
    case "safe_integer":
      return edges(1n - 2n ** 53n, 2n ** 53n - 1n).map(Number);
    case "bigint":
      return edges(-(2n ** 63n), 2n ** 63n - 1n);
    case "ubigint":
      return edges(0n, 2n ** 64n - 1n);
    case "float":
      return fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case "double":
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case "date":
      return days.map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
    case "timestamp":
      return days.map((day) => new Date(day * 86_400_000 + 3_600_000).toISOString().slice(0, 19));
    case "timestamptz":
      return fc
        .integer({ min: -1e12, max: 1e12 })
        .map((at) =>
          type.as === "date"
            ? new Date(at)
            : inWider(new Date(at), type, { kind: "timestamptz", as: "string" }),
        );
    case "decimal": {
      const most = 10n ** BigInt(type.precision) - 1n;
      return edges(-most, most).map((units) => {
        const digits = String(units < 0n ? -units : units).padStart(type.scale + 1, "0");
        const at = digits.length - type.scale;
        const written = type.scale === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
        return units < 0n ? `-${written}` : written;
      });
    }
    case "list":
      return fc.array(valueOf(type.element), { maxLength: 3 });
    case "struct":
      return rowOf(type.fields);
    default:
      throw new Error(type.kind);
  }
}

function rowOf(columns: readonly Column[]): fc.Arbitrary<Row> {
  return fc
    .tuple(...columns.map(valueOf))
    .map((values) => Object.fromEntries(columns.map(({ name }, index) => [name, values[index]])));
}

/** Some generations of one table, each with rows of its own; the last one reads them all. */
const generations = schemaArbitrary(2)
  .chain((first) =>
    laterSchema(first).chain((second) => laterSchema(second).map((third) => [first, second, third])),
  )
  .chain((schemas) =>
    fc.tuple(
      ...schemas.map((columns) =>
        fc.record({
          columns: fc.constant(columns),
          rows: fc.array(rowOf(columns), { minLength: 1, maxLength: 3 }),
        }),
      ),
    ),
  );

suite("schema evolution on real files", () => {
  test(
    "what a wider schema reads of older files is each value converted, and anything else is one error (N6)",
    { timeout: 120_000 },
    async () => {
      await using world = await TableWorld.open();
      const seen = { read: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(generations, async (written) => {
          const declared = written.at(-1)?.columns ?? [];
          const tables = await Promise.all(written.map(({ columns, rows }) => world.write(columns, rows)));
          const table = world.table(
            declared,
            tables.flatMap(({ source }) => source.parts),
          );
          const query = statement(sql`select * from ${table}`, table);
          const reading = world.engine.rows({ statement: query, columns: declared });
          if (written.some(({ columns }) => !canRead(columns, declared))) {
            seen.refused += 1;
            await assert.rejects(reading, { code: "SCHEMA_CHANGED" });
            return;
          }
          seen.read += 1;
          const expected = written.flatMap(({ columns, rows }) =>
            rows.map((row) => rowInWider(row, columns, declared)),
          );
          assert.deepEqual(inAnyOrder(await reading), inAnyOrder(expected));
        }),
        { numRuns: 80, endOnFailure: true },
      );
      assert.ok(seen.read > 10 && seen.refused > 5, JSON.stringify(seen));
    },
  );

  test("a column that cannot be read hinders nobody who does not read it (N6)", async () => {
    await using world = await TableWorld.open();
    const y: Column = { name: "y", type: { kind: "integer" }, nullable: false, rules: [] };
    const old = await world.write([columnX({ kind: "varchar" }), y], [{ x: "one", y: 1 }]);
    const recent = await world.write([columnX({ kind: "integer" }), y], [{ x: 2, y: 2 }]);
    const declared = [columnX({ kind: "integer" }), y];
    assert.equal(columnWidens(old.source.columns[0], columnX({ kind: "integer" })), false);
    const table = world.table(declared, [...old.source.parts, ...recent.source.parts]);
    const rows = (query: ReturnType<typeof sql>) => world.engine.rows({ statement: statement(query, table) });
    assert.deepEqual(await rows(sql`select count(*) as n, sum(y)::int as y from ${table}`), [{ n: 2, y: 3 }]);
    await assert.rejects(rows(sql`select max(x) from ${table}`), {
      code: "SCHEMA_CHANGED",
      message: "t was written with another schema: the column x is stored as VARCHAR and declared as INTEGER",
    });
  });
});
