import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import type { Column, ColumnType } from "./column.ts";
import { describeChange, schemaChanges } from "./schema-change.ts";
import { columnWidens, widens } from "./widens.ts";

const column = (name: string, type: ColumnType, nullable = false): Column => ({
  name,
  type,
  nullable,
  rules: [],
});
const kinds =
  "varchar boolean date time uuid blob float double integer uinteger safe_integer bigint ubigint timestamp".split(
    " ",
  ) as ("varchar" | "integer")[];
const scalar: fc.Arbitrary<ColumnType> = fc.oneof(
  fc.constantFrom(...kinds).map((kind): ColumnType => ({ kind })),
  fc.constantFrom("date" as const, "string" as const).map((as): ColumnType => ({ kind: "timestamptz", as })),
  fc
    .record({ precision: fc.integer({ min: 1, max: 38 }), scale: fc.integer({ min: 0, max: 12 }) })
    .map(({ precision, scale }): ColumnType => {
      return { kind: "decimal", precision, scale: Math.min(scale, precision) };
    }),
);
const listOf = (type: ColumnType, nullable = false): ColumnType => ({
  kind: "list",
  element: column("element", type, nullable),
});
const structOf = (...fields: Column[]): ColumnType => ({ kind: "struct", fields });
const integer: ColumnType = { kind: "integer" };
const double: ColumnType = { kind: "double" };

/** The least and the largest of each type of numbers, as units of 10⁻¹² so that decimals are whole too. */
const unit = 10n ** 12n;
function span(type: ColumnType): readonly [bigint, bigint] | undefined {
  const whole = (least: bigint, most: bigint) => [least * unit, most * unit] as const;
  switch (type.kind) {
    case "integer":
      return whole(-(2n ** 31n), 2n ** 31n - 1n);
    case "uinteger":
      return whole(0n, 2n ** 32n - 1n);
    case "safe_integer":
      return whole(1n - 2n ** 53n, 2n ** 53n - 1n);
    case "bigint":
      return whole(-(2n ** 63n), 2n ** 63n - 1n);
    case "ubigint":
      return whole(0n, 2n ** 64n - 1n);
    case "decimal": {
      const most = (10n ** BigInt(type.precision) - 1n) * 10n ** BigInt(12 - type.scale);
      return [-most, most];
    }
    default:
      return undefined;
  }
}

suite("widening", () => {
  test("between exact numbers is what holds every value and every digit (N6)", () => {
    fc.assert(
      fc.property(scalar, scalar, (from, to) => {
        const [a, b] = [span(from), span(to)];
        if (a === undefined || b === undefined) return;
        const digits = (type: ColumnType): number => (type.kind === "decimal" ? type.scale : 0);
        const holds = b[0] <= a[0] && a[1] <= b[1] && digits(from) <= digits(to);
        // Out of a decimal nothing widens: it is met as a text, and stays one.
        const expected = holds && (from.kind !== "decimal" || to.kind === "decimal");
        // A signed and an unsigned type of one width hold other numbers; those that hold both are told by span.
        assert.equal(widens(from, to), expected, `${JSON.stringify(from)} ${JSON.stringify(to)}`);
      }),
      { numRuns: 5_000 },
    );
  });

  test("is a partial order of types without fields", () => {
    fc.assert(
      fc.property(scalar, scalar, scalar, (a, b, c) => {
        assert.ok(widens(a, a));
        if (widens(a, b) && widens(b, c)) assert.ok(widens(a, c));
        if (widens(a, b) && widens(b, a)) assert.deepEqual(a, b);
      }),
      { numRuns: 20_000 },
    );
  });

  test("to a double is for numbers that a double holds exactly: not for 64 bits, nor for decimals", () => {
    const from = [
      ...kinds.map((kind): ColumnType => ({ kind })),
      { kind: "decimal", precision: 3, scale: 1 } as const,
    ];
    assert.deepEqual(
      from.filter((type) => widens(type, double)).map(({ kind }) => kind),
      ["float", "double", "integer", "uinteger", "safe_integer"],
    );
  });

  test("turns a date into a wall-clock time, and neither into an instant, whose zone would be invented", () => {
    assert.ok(widens({ kind: "date" }, { kind: "timestamp" }));
    for (const kind of ["date", "timestamp"] as const) {
      assert.equal(widens({ kind }, { kind: "timestamptz", as: "string" }), false);
    }
    assert.equal(widens({ kind: "timestamp" }, { kind: "date" }), false);
  });

  test("takes milliseconds for microseconds, not the other way round", () => {
    const [date, text] = [
      { kind: "timestamptz", as: "date" } as const,
      { kind: "timestamptz", as: "string" } as const,
    ];
    assert.ok(widens(date, text));
    assert.equal(widens(text, date), false);
  });

  test("goes into lists and structs, element by element and field by field", () => {
    assert.ok(widens(listOf(integer), listOf(double, true)));
    assert.equal(widens(listOf(integer, true), listOf(integer)), false);
    assert.equal(widens(listOf(double), listOf(integer)), false);
    const stored = structOf(column("a", integer), column("gone", integer));
    assert.ok(widens(stored, structOf(column("added", double, true), column("a", double))));
    assert.equal(widens(stored, structOf(column("a", integer), column("added", double))), false);
    assert.ok(widens(listOf(listOf(stored)), listOf(listOf(structOf(column("a", double))))));
    assert.equal(widens(listOf(integer), integer), false);
  });

  test("lets NULL come, and never go; what was not there is NULL", () => {
    assert.ok(columnWidens(column("x", integer), column("x", integer, true)));
    assert.equal(columnWidens(column("x", integer, true), column("x", integer)), false);
    assert.ok(columnWidens(undefined, column("x", integer, true)));
    assert.equal(columnWidens(undefined, column("x", integer)), false);
  });
});

test("a schema's changes name each column that cannot be read, with both types, and no other (N6)", () => {
  const stored = [
    column("a", integer),
    column("b", double, true),
    column("c", integer),
    column("gone", integer),
  ];
  const declared = [
    column("c", { kind: "bigint" }),
    column("b", double),
    column("a", { kind: "varchar" }),
    column("d", { kind: "safe_integer" }),
    column("e", integer, true),
  ];
  const changes = schemaChanges(stored, declared);
  assert.deepEqual(changes, [
    { column: "b", stored: { type: double, nullable: true }, declared: { type: double, nullable: false } },
    {
      column: "a",
      stored: { type: integer, nullable: false },
      declared: { type: { kind: "varchar" }, nullable: false },
    },
    { column: "d", declared: { type: { kind: "safe_integer" }, nullable: false } },
  ]);
  assert.deepEqual(changes.map(describeChange), [
    "the column b is stored as DOUBLE or NULL and declared as DOUBLE",
    "the column a is stored as INTEGER and declared as VARCHAR",
    "the column d is declared as BIGINT (safe) and not stored",
  ]);
  assert.deepEqual(schemaChanges(stored, stored), []);
});
