import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { RangeCursor } from "./range-cursor.ts";
import { RangeSet } from "./range-set.ts";
import type { PartitionRange } from "./range.ts";

const range = fc
  .tuple(fc.constantFrom("", "eu"), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 8 }))
  .map(([slice, from, length]): PartitionRange => ({ slice, from, to: from + length }));
const ranges = fc.array(range, { maxLength: 8 });
const members = (given: readonly PartitionRange[]): Set<string> =>
  new Set(
    given.flatMap(({ slice, from, to }) =>
      Array.from({ length: to - from }, (_, index) => `${slice}:${from + index}`),
    ),
  );
const sorted = (set: ReadonlySet<string>): string[] => [...set].sort();

test("union, intersection, difference and count are those of the partitions one by one", () => {
  fc.assert(
    fc.property(ranges, ranges, (left, right) => {
      const [a, b] = [RangeSet.of(left), RangeSet.of(right)];
      const [inA, inB] = [members(left), members(right)];
      assert.equal(a.count, inA.size);
      assert.equal(a.isEmpty, inA.size === 0);
      assert.deepEqual(
        sorted(members(a.union(b).ranges)),
        [...inA, ...inB].filter((one, at, all) => all.indexOf(one) === at).sort(),
      );
      assert.deepEqual(
        sorted(members(a.intersection(b).ranges)),
        [...inA].filter((one) => inB.has(one)).sort(),
      );
      assert.deepEqual(
        sorted(members(a.difference(b).ranges)),
        [...inA].filter((one) => !inB.has(one)).sort(),
      );
    }),
  );
});

test("a set is as few ranges as there can be, in order, whatever it was made of", () => {
  fc.assert(
    fc.property(ranges, ranges, (left, right) => {
      const [a, b] = [RangeSet.of(left), RangeSet.of(right)];
      for (const set of [a, a.union(b), a.intersection(b), a.difference(b)]) {
        set.ranges.forEach((one, index) => {
          const before = set.ranges[index - 1];
          assert.ok(one.from < one.to);
          if (before?.slice === one.slice) assert.ok(before.to < one.from, "neighbours are one range");
          else assert.ok(before === undefined || before.slice < one.slice);
        });
      }
      assert.deepEqual(a.union(b).ranges, b.union(a).ranges);
    }),
  );
});

test("a partition is looked up by its slice and ordinal", () => {
  fc.assert(
    fc.property(ranges, (given) => {
      const [set, inSet] = [RangeSet.of(given), members(given)];
      for (const slice of ["", "eu"]) {
        for (let ordinal = 0; ordinal < 40; ordinal += 1) {
          assert.equal(set.has(ordinal, slice), inSet.has(`${slice}:${ordinal}`));
        }
      }
    }),
  );
});

test("ordinals in whatever order become ranges, and come back in order", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(30)), (given) => {
      assert.deepEqual(
        [...RangeSet.ofOrdinals(given).ordinals()],
        given.toSorted((a, b) => a - b),
      );
    }),
  );
});

test("a cursor finds what lies at a place, and where that changes next", () => {
  fc.assert(
    fc.property(ranges, (given) => {
      const { ranges: list } = RangeSet.of(given);
      const cursor = new RangeCursor(list, (one) => one);
      for (const slice of ["", "eu"]) {
        for (let at = 0; at < 45;) {
          const naive = list.find((one) => one.slice === slice && one.from <= at && at < one.to);
          assert.equal(cursor.seek(slice, at), naive);
          const next = cursor.border(slice, at, 45);
          assert.ok(next > at);
          for (let between = at; between < next; between += 1) {
            assert.equal(
              list.find((one) => one.slice === slice && one.from <= between && between < one.to),
              naive,
            );
          }
          at = next;
        }
      }
    }),
  );
});
