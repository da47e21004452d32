import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import * as fc from "fast-check";
import type { Column } from "../../../src/core/column/column.ts";
import type { Row } from "../../../src/ports/table-engine.ts";
import { TableWorld } from "./table-world.ts";

const nullable = (name: string, type: Column["type"]): Column => ({ name, type, nullable: true, rules: [] });
const words: ColumnList = [nullable("a", { kind: "varchar" }), nullable("b", { kind: "varchar" })];
type ColumnList = readonly Column[];

/** A table of two text columns with values that are easily confused. */
const cell = fc.constantFrom<string | null>(null, "", "a", "b", "ab", "null", "0");
const rowsOf = fc.array(fc.record({ a: cell, b: cell }, { noNullPrototype: true }), {
  minLength: 1,
  maxLength: 8,
});

suite("the data version of a table", () => {
  let world: TableWorld;
  before(async () => {
    world = await TableWorld.open();
  });
  after(() => world[Symbol.asyncDispose]());

  async function versionOf(rows: readonly Row[], columns: ColumnList = words): Promise<string> {
    const { source } = await world.write(columns, rows);
    return (await world.engine.audit({ source, rules: [] })).dataVersion;
  }

  test("names the engine's version and the number of rows", async () => {
    assert.match(await versionOf([{ a: "x", b: null }]), /^duckdb-\d+\.\d+:1:[0-9a-f]{16}:[0-9a-f]{16}$/);
  });

  test("does not depend on the order of the rows", async () => {
    const orders = rowsOf.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([rows, shuffled]) => {
        assert.equal(await versionOf(rows), await versionOf(shuffled));
      }),
      { numRuns: 40 },
    );
  });

  test("changes when the rows, counted with their duplicates, do", async () => {
    const bag = (rows: readonly Row[]): string =>
      rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join();
    await fc.assert(
      fc.asyncProperty(rowsOf, rowsOf, async (one, other) => {
        fc.pre(bag(one) !== bag(other));
        assert.notEqual(await versionOf(one), await versionOf(other));
      }),
      { numRuns: 60 },
    );
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

  test("tells apart values that were swapped between rows or between columns", async () => {
    const version = await versionOf([
      { a: "1", b: "2" },
      { a: "3", b: "4" },
    ]);
    assert.notEqual(
      await versionOf([
        { a: "1", b: "4" },
        { a: "3", b: "2" },
      ]),
      version,
    );
    assert.notEqual(
      await versionOf([
        { a: "2", b: "1" },
        { a: "4", b: "3" },
      ]),
      version,
    );
  });

  test("changes with a column's name and with its type, though the values hash alike", async () => {
    const one = [nullable("n", { kind: "integer" })];
    const version = await versionOf([{ n: 1 }], one);
    assert.notEqual(await versionOf([{ m: 1 }], [nullable("m", { kind: "integer" })]), version);
    assert.notEqual(await versionOf([{ n: 1 }], [nullable("n", { kind: "safe_integer" })]), version);
    assert.notEqual(await versionOf([{ n: 1n }], [nullable("n", { kind: "bigint" })]), version);
  });

  test("is the same for 0 and -0, which are stored as the same bytes", async () => {
    const doubles = [nullable("n", { kind: "double" })];
    assert.equal(await versionOf([{ n: -0 }], doubles), await versionOf([{ n: 0 }], doubles));
  });

  test("tells NULL from an empty list, and a NULL struct from a struct of NULLs", async () => {
    const element = nullable("element", { kind: "varchar" });
    const lists = [nullable("n", { kind: "list", element })];
    const seen = new Set<string>();
    for (const value of [null, [], [null], ["null"], [""]]) seen.add(await versionOf([{ n: value }], lists));
    assert.equal(seen.size, 5);
    const structs = [nullable("n", { kind: "struct", fields: [nullable("f", { kind: "varchar" })] })];
    assert.notEqual(await versionOf([{ n: null }], structs), await versionOf([{ n: { f: null } }], structs));
  });
});
