import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Aggregate, aggregateDataVersion, type AggregatePiece } from "./aggregate.ts";

const piece = (from: number, to: number, dataVersion: string, slice = ""): AggregatePiece => ({
  range: { slice, from, to },
  dataVersion,
});

/** Pieces that do not overlap, in some order. */
const pieces: fc.Arbitrary<AggregatePiece[]> = fc
  .array(
    fc.record({ gap: fc.nat(3), length: fc.integer({ min: 1, max: 5 }), data: fc.constantFrom("a", "b") }),
    {
      maxLength: 8,
    },
  )
  .map((parts) => {
    let at = 0;
    return parts.map(({ gap, length, data }) => piece((at += gap), (at += length), data));
  });

test("the order of the pieces does not matter (N10)", () => {
  fc.assert(
    fc.property(pieces, (list) => {
      assert.equal(aggregateDataVersion(list.toReversed()), aggregateDataVersion(list));
    }),
  );
});

test("where neighbours of equal data are cut does not matter (N10)", () => {
  fc.assert(
    fc.property(pieces, (list) => {
      const single = list.flatMap(({ range, dataVersion }) =>
        Array.from({ length: range.to - range.from }, (_, index) =>
          piece(range.from + index, range.from + index + 1, dataVersion),
        ),
      );
      assert.equal(aggregateDataVersion(single), aggregateDataVersion(list));
    }),
  );
});

test("adding and taking away gives what counting anew gives (N10)", () => {
  fc.assert(
    fc.property(pieces, pieces, (kept, removed) => {
      const sum = Aggregate.empty();
      for (const one of [...removed, ...kept]) sum.add(one);
      for (const one of removed) sum.remove(one);
      assert.equal(sum.toString(), aggregateDataVersion(kept));
    }),
  );
});

test("other data, another place or another slice is another aggregate (N10)", () => {
  const all = [
    [],
    [piece(0, 1, "a")],
    [piece(0, 1, "b")],
    [piece(1, 2, "a")],
    [piece(0, 2, "a")],
    [piece(0, 1, "a", "x")],
    [piece(0, 1, "a"), piece(1, 2, "b")],
    [piece(0, 1, "b"), piece(1, 2, "a")],
    [piece(0, 1, "a"), piece(2, 3, "a")],
    [piece(0, 1, "1:a")],
    [piece(0, 11, "a")],
  ].map(aggregateDataVersion);
  assert.equal(new Set(all).size, all.length);
});

test("an aggregate is read back from its text, and nothing else is", () => {
  const text = aggregateDataVersion([piece(3, 9, "a")]);
  assert.match(text, /^sum128:[0-9a-f]{32}$/);
  assert.equal(Aggregate.parse(text).toString(), text);
  assert.throws(() => Aggregate.parse("sha256:00"), TypeError);
  assert.throws(() => Aggregate.parse("sum128:00"), TypeError);
});
