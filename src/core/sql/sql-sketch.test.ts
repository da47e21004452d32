import assert from "node:assert/strict";
import { test } from "node:test";
import { sqlSketch } from "./sql-sketch.ts";
import { SqlTree, type SqlPart } from "./sql-tree.ts";

const sketch = (...parts: SqlPart[]) => sqlSketch(new SqlTree(parts, "many", []));
const text = (written: string): SqlPart => ({ part: "text", text: written });

test("a sketch shows assets by key, values as literals and a partition's bounds by name", () => {
  const shown = sketch(
    text("select "),
    { part: "identifier", name: "day" },
    text(" from "),
    { part: "table", table: { asset: "sales/flights" } },
    text(" where origin in "),
    { part: "value", value: ["LAX", "O'Hare"] },
    text(" and n > "),
    { part: "value", value: 3n },
    text(" and at >= "),
    { part: "bound", bound: "start" },
  );
  assert.equal(
    shown,
    `select "day" from sales/flights where origin in ('LAX', 'O''Hare') and n > 3 and at >= :partition_start`,
  );
});

test("a sketch loses the indentation of the code around the template, and keeps its own", () => {
  assert.equal(sketch(text("\n    select *\n      from t\n    where x\n  ")), "select *\n  from t\nwhere x");
});
