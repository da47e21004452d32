import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import { decimal } from "../../../src/core/column/decimal.ts";
import type { AuditRule } from "../../../src/ports/table-engine.ts";
import { columns, TableWorld } from "./table-world.ts";

const schema = z.object({
  name: z.string().nullable(),
  n: z.int().nullable(),
  x: z.number().nullable(),
  price: decimal(8, 2).nullable(),
  day: z.iso.date().nullable(),
  at: z.date().nullable(),
});
type Name = keyof typeof schema.shape;
type Values = Record<Name, unknown>;

const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 4 });
const dayOf = (day: number): string => new Date(Date.UTC(2024, 0, day)).toISOString().slice(0, 10);
/** Few values of each type, so that some are there twice. No NaN: what is written never holds one. */
const values = {
  name: fc.constantFrom("a", "b", "it's", ""),
  n: fc.integer({ min: -3, max: 3 }),
  x: fc.constantFrom(-1.5, 0, -0, 2.25),
  price: fc.constantFrom("-1.00", "0.00", "0.10", "12.34"),
  day: fc.integer({ min: 1, max: 4 }).map(dayOf),
  at: fc.integer({ min: 0, max: 4 }).map((hour) => new Date(Date.UTC(2024, 0, 1, hour))),
};
const row = fc.record({
  name: orNull(values.name),
  n: orNull(values.n),
  x: orNull(values.x),
  price: orNull(values.price),
  day: orNull(values.day),
  at: orNull(values.at),
});
const names = Object.keys(schema.shape) as Name[];
const some = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 });
const now = Date.UTC(2024, 0, 3, 12);

const valuesOf: Readonly<Record<Name, fc.Arbitrary<unknown>>> = values;
const bounded = fc.oneof(
  ...(["n", "price", "day", "at"] as const).map((column) =>
    fc.record({
      column: fc.constant(column),
      min: fc.option(valuesOf[column], { nil: undefined }),
      max: fc.option(valuesOf[column], { nil: undefined }),
    }),
  ),
);
const ruleOf: fc.Arbitrary<Exclude<AuditRule, { rule: "no_rows" | "references" }>> = fc.oneof(
  some.map((of) => ({ rule: "not_null" as const, columns: of })),
  some.map((of) => ({ rule: "unique" as const, columns: of })),
  fc
    .subarray(["a", "b", "it's"], { minLength: 1 })
    .map((of) => ({ rule: "accepted" as const, column: "name", values: of })),
  bounded.map(({ column, min, max }) => ({
    rule: "range" as const,
    column,
    ...(min === undefined ? {} : { min: asBound(column, min) }),
    ...(max === undefined ? {} : { max: asBound(column, max) }),
  })),
  fc
    .record({ min: fc.integer({ min: 0, max: 6 }), max: fc.integer({ min: 0, max: 12 }) })
    .map((bounds) => ({ rule: "row_count" as const, ...bounds })),
  fc
    .record({ column: fc.constantFrom("day", "at"), hours: fc.integer({ min: 1, max: 90 }) })
    .map(({ column, hours }) => ({ rule: "freshness" as const, column, maxAgeMs: hours * 3_600_000, now })),
);

function asBound(column: Name, value: unknown): number | string | Date {
  return column === "price" ? Number(value) : (value as number | string | Date);
}

/** A value that compares and equals as the column's type does. */
function comparable(value: unknown): number | string {
  if (value instanceof Date) return value.getTime();
  // There is one zero.
  return typeof value === "number" ? value + 0 : (value as string);
}

function ordered(column: string, value: unknown): number | string {
  if (value instanceof Date) return value.getTime();
  return column === "price" ? Number(value) : (value as number | string);
}

/** The rule, row by row. */
function naive(rule: AuditRule, rows: readonly Values[]): boolean {
  const of = (one: Values, column: string): unknown => one[column as Name];
  switch (rule.rule) {
    case "not_null":
      return rows.every((one) => rule.columns.every((column) => of(one, column) !== null));
    case "unique": {
      const known = rows.filter((one) => rule.columns.every((column) => of(one, column) !== null));
      const keys = known.map((one) =>
        JSON.stringify(rule.columns.map((column) => String(comparable(of(one, column))))),
      );
      return new Set(keys).size === keys.length;
    }
    case "accepted":
      return rows.every((one) => {
        const value = of(one, rule.column);
        return value === null || rule.values.includes(value as string);
      });
    case "range":
      return rows.every((one) => {
        const value = of(one, rule.column);
        if (value === null) return true;
        const compared = ordered(rule.column, value);
        return (
          (rule.min === undefined || compared >= ordered(rule.column, rule.min)) &&
          (rule.max === undefined || compared <= ordered(rule.column, rule.max))
        );
      });
    case "row_count":
      return rows.length >= (rule.min ?? 0) && rows.length <= (rule.max ?? Infinity);
    case "freshness": {
      const times = rows.flatMap((one) => {
        const value = of(one, rule.column);
        return value === null ? [] : [new Date(value as string | Date).getTime()];
      });
      return times.length > 0 && rule.now - Math.max(...times) <= rule.maxAgeMs;
    }
    default:
      throw new Error(`${rule.rule} is tried by itself`);
  }
}

suite("rules of an audit", () => {
  let world: TableWorld;
  before(async () => {
    world = await TableWorld.open();
  });
  after(() => world[Symbol.asyncDispose]());

  test("all answered in one go say what each says row by row (N19)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 12 }),
        fc.array(ruleOf, { minLength: 1, maxLength: 8 }),
        async (rows, rules) => {
          const { source } = await world.write(columns(schema), rows);
          const { answers } = await world.engine.audit({ source, rules });
          const found = answers.map(({ passed }) => passed);
          const expected = rules.map((rule) => naive(rule, rows));
          assert.deepEqual(found, expected, JSON.stringify({ rules, rows }));
          const again = await world.engine.check({ source, rules });
          assert.deepEqual(again.answers, answers);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a reference is to a row of the other table, whatever is there twice or missing (N19)", async () => {
    const pair = fc.record({ name: orNull(values.name), n: orNull(values.n) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(pair, { maxLength: 8 }),
        fc.array(pair, { maxLength: 8 }),
        fc.constantFrom<readonly ("name" | "n")[]>(["name"], ["n"], ["name", "n"]),
        async (rows, others, on) => {
          const declared = columns(z.object({ name: z.string().nullable(), n: z.int().nullable() }));
          const { source } = await world.write(declared, rows);
          const { source: other } = await world.write(declared, others);
          const rule: AuditRule = { rule: "references", columns: on, source: other, others: on };
          const { answers } = await world.engine.audit({ source, rules: [rule] });
          const failing = rows.filter(
            (one) =>
              on.every((column) => one[column] !== null) &&
              !others.some((candidate) => on.every((column) => candidate[column] === one[column])),
          ).length;
          assert.equal(answers[0]?.metadata["failing"], failing);
          assert.equal(answers[0]?.passed, failing === 0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
