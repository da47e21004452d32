import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { PartitionRange } from "../partition/range.ts";
import { movePointers } from "./move-pointers.ts";

interface Named {
  readonly name: string;
  readonly range: PartitionRange;
}

const named = (name: string, from: number, to: number, slice = ""): Named => ({
  name,
  range: { slice, from, to },
});

test("what is covered ends, and what is left of it goes on (N10)", () => {
  const wide = named("wide", 0, 10);
  const apart = named("apart", 20, 30);
  const moves = movePointers([apart, wide], [named("new", 3, 5)]);
  assert.deepEqual(moves.ended, [wide]);
  assert.deepEqual(moves.remaining, [
    { range: { slice: "", from: 0, to: 3 }, of: wide },
    { range: { slice: "", from: 5, to: 10 }, of: wide },
  ]);
  assert.deepEqual(
    moves.added.map(({ range }) => range),
    [{ slice: "", from: 3, to: 5 }],
  );
});

test("a pointer that only touches a new one stays", () => {
  assert.deepEqual(movePointers([named("a", 0, 3), named("b", 5, 9)], [named("new", 3, 5)]).ended, []);
});

const range = fc.record({
  slice: fc.constantFrom("", "x"),
  from: fc.nat(15),
  length: fc.integer({ min: 1, max: 8 }),
});
const ranges = (prefix: string) =>
  fc
    .array(range, { maxLength: 6 })
    .map((list) =>
      list.map(({ slice, from, length }, index) => named(`${prefix}${index}`, from, from + length, slice)),
    );

/** Each partition's name, when later ones lie over earlier ones. */
function painted(list: readonly Named[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const {
    name,
    range: { slice, from, to },
  } of list) {
    for (let ordinal = from; ordinal < to; ordinal += 1) names.set(`${slice} ${ordinal}`, name);
  }
  return names;
}

test("any pointers and any new ones come out as if each partition had been set by itself (N10)", () => {
  fc.assert(
    fc.property(ranges("old"), ranges("new"), (old, placed) => {
      // Open pointers never overlap: made so by placing them first.
      const open = movePointers<Named, Named>([], old).added.map(({ range, of }) => ({
        name: of.name,
        range,
      }));
      const moves = movePointers(open, placed);
      const ended = new Set(moves.ended);
      const after = [
        ...open.filter((pointer) => !ended.has(pointer)),
        ...[...moves.remaining, ...moves.added].map(({ range, of }) => ({ name: of.name, range })),
      ];
      assert.deepEqual(
        new Map([...painted([...open, ...placed]).keys()].map((key) => [key, painted(after).get(key)])),
        painted([...open, ...placed]),
      );
      const size = after.reduce((sum, { range: { from, to } }) => sum + to - from, 0);
      assert.equal(size, painted(after).size, "nothing overlaps");
    }),
    { numRuns: 500 },
  );
});

test("ten thousand partitions move in a moment", () => {
  const open = Array.from({ length: 10_000 }, (_, day) => named("old", day, day + 1));
  const placed = open.map((pointer) => ({ ...pointer, name: "new" }));
  const moves = movePointers(open, placed);
  assert.equal(moves.ended.length, 10_000);
  assert.equal(moves.remaining.length, 0);
});
