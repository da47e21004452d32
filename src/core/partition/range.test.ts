import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { missingFrom, overlaps, rangeOf, wholeRange, type PartitionRange } from "./range.ts";

const ranges = fc
  .tuple(fc.constantFrom("", "eu"), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 10 }))
  .map(([slice, from, length]): PartitionRange => ({ slice, from, to: from + length }));
const members = ({ slice, from, to }: PartitionRange): string[] =>
  Array.from({ length: to - from }, (_, index) => `${slice}:${from + index}`);

test("two ranges overlap when they share a partition", () => {
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      const inB = new Set(members(b));
      assert.equal(
        overlaps(a, b),
        members(a).some((member) => inB.has(member)),
      );
      assert.equal(overlaps(b, a), overlaps(a, b));
    }),
  );
});

test("what is missing is what no present range holds, in order, each stretch once", () => {
  fc.assert(
    fc.property(ranges, fc.array(ranges, { maxLength: 8 }), (wanted, present) => {
      const held = new Set(present.flatMap(members));
      const missing = missingFrom(wanted, present);
      assert.deepEqual(
        missing.flatMap(members),
        members(wanted).filter((member) => !held.has(member)),
      );
      missing.forEach((range, index) => {
        assert.ok(range.from < range.to);
        assert.ok(index === 0 || range.from > (missing[index - 1]?.to ?? 0), "neighbours are one range");
      });
    }),
  );
});

test("what is missing does not sort the ranges it was given", () => {
  const present = [rangeOf(3), rangeOf(1)];
  assert.deepEqual(missingFrom({ slice: "", from: 0, to: 4 }, present), [rangeOf(0), rangeOf(2)]);
  assert.deepEqual(present, [rangeOf(3), rangeOf(1)]);
  assert.deepEqual(missingFrom(wholeRange, []), [wholeRange]);
});
