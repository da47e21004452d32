import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { PartitionRange } from "../partition/range.ts";
import { heldSince } from "./held-since.ts";

const range = (from: number, to: number): PartitionRange => ({ slice: "", from, to });
const hold = (at: number) => ({ by: "ada", reason: "", at });

test("a hold goes on where it was, and begins now where there was none (N17)", () => {
  const over = [
    { range: range(4, 9), hold: hold(2) },
    { range: range(0, 2), hold: hold(1) },
    { range: range(2, 3), hold: hold(1) },
    { range: range(3, 4), hold: undefined },
  ];
  assert.deepEqual(heldSince(range(1, 6), over, 7), [
    { range: range(1, 3), since: 1 },
    { range: range(3, 4), since: 7 },
    { range: range(4, 6), since: 2 },
  ]);
  assert.deepEqual(heldSince(range(1, 6), [], 7), [{ range: range(1, 6), since: 7 }]);
});

test("every partition is held since its own hold began, and neighbours that are alike are one part (N17)", () => {
  const pieces = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.option(fc.integer({ min: 0, max: 2 }))),
    {
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(
      pieces,
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      (lengths, from, length) => {
        let next = 0;
        const over = lengths.map(([size, at]) => {
          const piece = range(next, (next += size));
          return { range: piece, hold: at === null ? undefined : hold(at) };
        });
        const parts = heldSince(range(from, from + length), over, 9);
        const since = parts.flatMap((part) =>
          Array.from({ length: part.range.to - part.range.from }, () => part.since),
        );
        const expected = Array.from({ length }, (_, index) => {
          const place = from + index;
          return over.find((one) => one.range.from <= place && place < one.range.to)?.hold?.at ?? 9;
        });
        assert.deepEqual(since, expected);
        assert.ok(parts.every((part, index) => index === 0 || parts[index - 1]?.since !== part.since));
      },
    ),
  );
});
