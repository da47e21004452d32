import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "../errors.ts";
import { SqlTree } from "../sql/sql-tree.ts";
import { sql } from "../sql/sql.ts";
import type { CheckDefinition } from "./check-definition.ts";
import { check, checkDefinitions, selfReference } from "./check.ts";

const definition = (made: object): CheckDefinition => made as CheckDefinition;
const problemsOf = (checks: readonly unknown[]): string[] => {
  const problems: string[] = [];
  checkDefinitions(checks, (reason) => problems.push(reason));
  return problems;
};

test("a check is blocking and an error unless said otherwise, and named after its rule", () => {
  assert.deepEqual(definition(check.unique("day", "origin")), {
    name: "unique day, origin",
    scope: "partition",
    blocking: true,
    severity: "error",
    timeoutMs: 600_000,
    rule: { rule: "unique", columns: ["day", "origin"] },
  });
  const names = [
    check.notNull("a"),
    check.range("a", { min: 1 }),
    check.accepted("a", ["x"]),
    check.rowCount({ min: 1 }),
    check.sql("mine", () => sql`select 1`),
  ].map(({ name }) => name);
  assert.deepEqual(names, ["not null a", "range a", "accepted a", "row count", "mine"]);
});

test("every check can be named, and made to warn only", () => {
  const options = { name: "mine", blocking: false, severity: "warn" } as const;
  const made = [
    check.unique(["a", "b"], options),
    check.notNull(["a"], options),
    check.range("a", { min: 1 }, options),
    check.accepted("a", ["x"], options),
    check.rowCount({ min: 1 }, options),
    check.sql("mine", () => sql`select 1`, { blocking: false, severity: "warn" }),
  ];
  for (const { name, blocking, severity } of made.map(definition)) {
    assert.deepEqual({ name, blocking, severity }, options);
  }
  assert.deepEqual(definition(check.unique(["a", "b"], options)).rule, {
    rule: "unique",
    columns: ["a", "b"],
  });
});

test("a bound that is not given is absent", () => {
  assert.deepEqual(definition(check.range("a", { min: 1 })).rule, { rule: "range", column: "a", min: 1 });
  const none = { min: undefined, max: 3 } as unknown as { max: number };
  assert.deepEqual(definition(check.rowCount(none)).rule, { rule: "row_count", max: 3 });
});

test("in a check's SQL the table stands for the version under test", () => {
  const { rule } = definition(check.sql("x", (table) => sql`select * from ${table} where a = ${1}`));
  assert.ok(rule.rule === "no_rows" && rule.sql instanceof SqlTree);
  assert.deepEqual(rule.sql.parts[1], { part: "table", table: { asset: selfReference } });
  assert.deepEqual(rule.sql.assets, []);
});

test("a check's SQL that is no SQL is refused where it is written", () => {
  const made = (): unknown => check.sql("x", (() => "select 1") as never);
  assert.throws(made, (error) => {
    assert.ok(error instanceof MillraceError);
    assert.equal(error.message, "check x: it must give an sql`…` statement");
    assert.equal(error.place.file, import.meta.filename);
    return true;
  });
});

test("what is no check is reported, not met later", () => {
  const reason = "checks holds something that check.… did not make";
  assert.deepEqual(problemsOf(["not null", {}, null, 3, check.notNull("a")]), [
    reason,
    reason,
    reason,
    reason,
  ]);
});

test("a check that can never fail is reported", () => {
  assert.deepEqual(problemsOf([check.range("a", {}), check.rowCount({})]), [
    "the check range a has neither min nor max",
    "the check row count has neither min nor max",
  ]);
  assert.deepEqual(problemsOf([check.range("a", { min: 2, max: 1 })]), [
    "the check range a has its min above its max",
  ]);
  assert.deepEqual(problemsOf([check.accepted("a", [])]), ["the check accepted a has no values"]);
  const { unique } = check as unknown as { unique: () => object };
  assert.deepEqual(problemsOf([unique()]), ["the check unique names no column"]);
  assert.deepEqual(problemsOf([check.range("a", { min: 1, max: 1 }), check.rowCount({ max: 0 })]), []);
});
