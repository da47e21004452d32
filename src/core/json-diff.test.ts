import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { jsonDiff } from "./json-diff.ts";

test("a change is told where it is, and nothing else is", () => {
  const before = { a: 1, list: [1, 2, 3], gone: true, "x/y": { "~": null } };
  const after = { a: 1, list: [1, 5], "x/y": { "~": 0 }, fresh: "x" };
  assert.deepEqual(jsonDiff(before, after), [
    { path: "/list/1", before: 2, after: 5 },
    { path: "/list/2", before: 3 },
    { path: "/gone", before: true },
    { path: "/x~1y/~0", before: null, after: 0 },
    { path: "/fresh", after: "x" },
  ]);
  assert.deepEqual(jsonDiff([], {}), [{ path: "", before: [], after: {} }]);
  assert.deepEqual(jsonDiff(1, [1]), [{ path: "", before: 1, after: [1] }]);
});

test("equal values have no changes, and different ones have some", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
      const [a, b] = [JSON.stringify(one), JSON.stringify(two)];
      assert.deepEqual(jsonDiff(JSON.parse(a), JSON.parse(a)), []);
      if (jsonDiff(JSON.parse(a), JSON.parse(b)).length === 0) assert.deepEqual(JSON.parse(a), JSON.parse(b));
    }),
  );
});
