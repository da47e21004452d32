import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsText } from "./bounds-text.ts";

test("two bounds are a stretch, one is a least or a most, equal ones are one value", () => {
  const said = [{ min: 1, max: 100_000 }, { min: 1 }, { max: 2.5 }, { min: 3, max: 3 }].map((bounds) => {
    const { wanted, inside, outside } = boundsText(bounds);
    return [wanted, inside, outside];
  });
  assert.deepEqual(said, [
    ["1 to 100,000", "within 1 to 100,000", "outside 1 to 100,000"],
    ["at least 1", "at least 1", "below 1"],
    ["at most 2.5", "at most 2.5", "above 2.5"],
    ["3", "within 3", "outside 3"],
  ]);
});

test("a bound is written so that it can be read: large numbers grouped, years and texts as they are", () => {
  const wanted = [1999, -10_000, 9223372036854775807n, "2001-01-02", new Date(0)].map(
    (min) => boundsText({ min }).wanted,
  );
  assert.deepEqual(wanted, [
    "at least 1999",
    "at least -10,000",
    "at least 9,223,372,036,854,775,807",
    "at least 2001-01-02",
    "at least 1970-01-01T00:00:00.000Z",
  ]);
});
