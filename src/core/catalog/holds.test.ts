import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { overlaps } from "../partition/range.ts";
import type { HeldRange } from "./hold.ts";
import { Holds } from "./holds.ts";

const held = fc
  .array(
    fc.record({ gap: fc.nat(2), length: fc.integer({ min: 1, max: 3 }), slice: fc.constantFrom("", "de") }),
    {
      maxLength: 8,
    },
  )
  .map((parts) => {
    let at = 0;
    return parts.map(({ gap, length, slice }, index): HeldRange => {
      const range = { slice, from: (at += gap), to: (at += length) };
      return { assetId: 1, spaceId: 1, range, hold: { by: `person ${index}`, reason: "", at: 1 } };
    });
  });

test("a place is held by whoever holds it or a part of it, and by nobody else (N17)", () => {
  fc.assert(
    fc.property(held, fc.nat(20), fc.integer({ min: 1, max: 4 }), (list, from, length) => {
      const holds = new Holds(list.toReversed());
      for (const slice of ["", "de", "fr"]) {
        const range = { slice, from, to: from + length };
        const expected = list.filter((one) => overlaps(one.range, range)).map(({ hold }) => hold);
        const found = holds.over({ assetId: 1, spaceId: 1 }, range);
        assert.equal(found === undefined, expected.length === 0);
        if (found !== undefined) assert.ok(expected.includes(found));
        assert.equal(holds.over({ assetId: 1, spaceId: 2 }, range), undefined);
        assert.equal(holds.over({ assetId: 2, spaceId: 1 }, range), undefined);
      }
    }),
  );
});
