import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { decodeCursor, encodeCursor, nextPageLink } from "./cursor.ts";

const value = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
);

test("a cursor gives back the values it was made of", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
      const expected: unknown = JSON.parse(JSON.stringify(values));
      assert.deepEqual(decodeCursor(encodeCursor(values)), expected);
    }),
  );
});

test("what no page ever gave is no cursor", () => {
  const made = (json: string) => Buffer.from(json).toString("base64url");
  for (const text of [
    "",
    "abc",
    "!",
    made("{}"),
    made("[]"),
    made("[null]"),
    made("[[1]]"),
    made('[ "a" ]'),
    "W10=",
    "a".repeat(5_000),
  ]) {
    assert.equal(decodeCursor(text), undefined, text.slice(0, 20));
  }
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), (text) => {
      const values = decodeCursor(text);
      if (values !== undefined) assert.equal(encodeCursor(values), text);
    }),
  );
});

test("the next page is the same address with another cursor", () => {
  assert.equal(nextPageLink("/api/delays", "c1"), '</api/delays?after=c1>; rel="next"');
  assert.equal(
    nextPageLink("/api/delays?limit=3&after=c1&x=%20y", "c2"),
    '</api/delays?limit=3&x=%20y&after=c2>; rel="next"',
  );
  assert.equal(nextPageLink('/api/a?q=">,<x', "c"), '</api/a?q=%22%3E,%3Cx&after=c>; rel="next"');
});
