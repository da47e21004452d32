import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { PartitionRange } from "../partition/range.ts";
import {
  changesTo,
  earlierVersions,
  type FormerPointer,
  type PointedRange,
  type PointerChange,
} from "./pointer-changes.ts";

const range = (from: number, to: number, slice = ""): PartitionRange => ({ slice, from, to });
const ordinals = 16;

/** Ranges that do not overlap, in any order. */
const pointed = fc
  .array(
    fc.record({
      gap: fc.nat(2),
      length: fc.integer({ min: 1, max: 4 }),
      versionId: fc.constantFrom("a", "b", "c", undefined),
    }),
    { maxLength: 6 },
  )
  .map((parts) => {
    let at = 0;
    return parts.map(({ gap, length, versionId }): PointedRange => ({
      range: range((at += gap), (at += length)),
      versionId,
    }));
  })
  .chain((list) => fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length }));

const at = (list: readonly PointedRange[], ordinal: number): PointedRange | undefined =>
  list.find((one) => one.range.from <= ordinal && ordinal < one.range.to);

function applied(open: readonly PointedRange[], changes: readonly PointerChange[]): (string | undefined)[] {
  return Array.from({ length: ordinals * 2 }, (_, ordinal) => {
    const change = changes.find((one) => one.range.from <= ordinal && ordinal < one.range.to);
    if (change === undefined) return at(open, ordinal)?.versionId;
    assert.equal(change.from, at(open, ordinal)?.versionId);
    return change.to;
  });
}

test("after the changes everything points where the target does, and nothing else has moved (N17)", () => {
  fc.assert(
    fc.property(pointed, pointed, fc.boolean(), (open, target, emptying) => {
      const result = applied(open, changesTo(open, target, { emptying }));
      for (const [ordinal, versionId] of result.entries()) {
        const [now, then] = [at(open, ordinal), at(target, ordinal)];
        const kept = then === undefined && !emptying;
        assert.equal(versionId, kept ? now?.versionId : then?.versionId);
      }
    }),
  );
});

test("what lies outside of the partitions asked for stays as it is (N17)", () => {
  fc.assert(
    fc.property(pointed, pointed, fc.nat(8), fc.integer({ min: 1, max: 8 }), (open, target, from, length) => {
      const within = [range(from, from + length)];
      const result = applied(open, changesTo(open, target, { within, emptying: true }));
      for (const [ordinal, versionId] of result.entries()) {
        const inside = ordinal >= from && ordinal < from + length;
        assert.equal(versionId, at(inside ? target : open, ordinal)?.versionId);
      }
    }),
  );
});

test("neighbours that move alike are one change", () => {
  const open = [{ range: range(0, 4), versionId: "bad" }];
  const target = [
    { range: range(0, 2), versionId: "good" },
    { range: range(2, 4), versionId: "good" },
  ];
  assert.deepEqual(changesTo(open, target, { emptying: true }), [
    { range: range(0, 4), from: "bad", to: "good" },
  ]);
  assert.deepEqual(changesTo(target, target, { emptying: true }), []);
});

const history = fc
  .array(
    fc.record({
      from: fc.nat(10),
      length: fc.integer({ min: 1, max: 5 }),
      slice: fc.constantFrom("", "de"),
    }),
    { maxLength: 8 },
  )
  .map((parts) =>
    parts.map(({ from, length, slice }, sequence): FormerPointer => ({
      range: range(from, from + length, slice),
      versionId: `v${sequence}`,
      sequence,
    })),
  );

test("the earlier version of a place is the newest one that is older than what is current there (N17)", () => {
  fc.assert(
    fc.property(history, fc.nat(10), (past, sequence) => {
      const open = [
        { range: range(0, 5), sequence },
        { range: range(5, 9), sequence: undefined },
        { range: range(2, 6, "de"), sequence },
      ];
      const found = earlierVersions(open, past);
      for (const pointer of open) {
        for (let ordinal = pointer.range.from; ordinal < pointer.range.to; ordinal += 1) {
          const here = (one: { readonly range: PartitionRange }): boolean =>
            one.range.slice === pointer.range.slice && one.range.from <= ordinal && ordinal < one.range.to;
          const expected = past
            .filter((one) => here(one) && one.sequence < (pointer.sequence ?? Number.POSITIVE_INFINITY))
            .at(-1);
          assert.equal(found.find(here)?.versionId, expected?.versionId);
        }
      }
      for (const one of found) {
        assert.ok(open.some((pointer) => pointer.range.slice === one.range.slice));
      }
    }),
  );
});

test("a million partitions are compared in seconds", () => {
  const many = (versionId: string): PointedRange[] =>
    Array.from({ length: 1_000_000 }, (_, ordinal) => ({ range: range(ordinal, ordinal + 1), versionId }));
  const started = performance.now();
  assert.equal(changesTo(many("bad"), many("good"), { emptying: true }).length, 1);
  assert.ok(performance.now() - started < 20_000);
});
