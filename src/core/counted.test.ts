import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, thousands } from "./counted.ts";

test("one of a thing is named in the singular, any other number in the plural", () => {
  const said = [
    counted(1, "mistake"),
    counted(0, "row"),
    counted(2_000, "row"),
    counted(2, "entry", "entries"),
  ];
  assert.deepEqual(said, ["1 mistake", "0 rows", "2,000 rows", "2 entries"]);
});

test("large numbers are grouped, and lose no digit", () => {
  assert.deepEqual(
    [thousands(100_000), thousands(-1234.5678), thousands(9223372036854775807n)],
    ["100,000", "-1,234.5678", "9,223,372,036,854,775,807"],
  );
});
