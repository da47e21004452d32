import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { canonicalJson } from "./canonical-json.ts";

/** The same value with the members of its objects in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, member] of Object.entries(value).toReversed()) copy[key] = reordered(member);
  return copy;
}

test("it is JSON that says the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("the order of members makes no difference (N3)", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) =>
      assert.equal(canonicalJson(reordered(value)), canonicalJson(value)),
    ),
  );
});

test("values that differ give texts that differ (N3)", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const equal = canonicalJson(a) === canonicalJson(b);
      assert.equal(
        equal,
        canonicalJson(JSON.parse(JSON.stringify(a))) === canonicalJson(JSON.parse(JSON.stringify(b))),
      );
      if (equal)
        assert.deepEqual(JSON.parse(JSON.stringify(reordered(a))), JSON.parse(JSON.stringify(reordered(b))));
    }),
  );
  const texts = [null, "null", 0, "0", false, "", [], {}, [[]], [null], { a: null }, { "": 0 }].map(
    canonicalJson,
  );
  assert.equal(new Set(texts).size, texts.length);
});

test("an undefined member is absent, an undefined item is null, also in a list with holes", () => {
  assert.equal(canonicalJson({ b: undefined, a: 1 }), '{"a":1}');
  assert.equal(canonicalJson([undefined, 1]), "[null,1]");
  const holes: unknown[] = [];
  holes[1] = 1;
  assert.equal(canonicalJson(holes), "[null,1]");
});

test("the text of numbers is JavaScript's shortest, and −0 is 0", () => {
  assert.equal(canonicalJson([1e21, 0.1, -0, 1.0]), "[1e+21,0.1,0,1]");
});

test("what JSON lacks is refused by its name, however deep it lies", () => {
  const refused: [unknown, RegExp][] = [
    [NaN, /NaN has no JSON form/],
    [[-Infinity], /-Infinity has no JSON form/],
    [{ a: { b: 1n } }, /a bigint has no JSON form/],
    [new Date(0), /a Date has no JSON form/],
    [new Map(), /a Map has no JSON form/],
    [[() => 1], /a function has no JSON form/],
    [undefined, /a undefined has no JSON form/],
    [new Uint8Array(1), /a Uint8Array has no JSON form/],
  ];
  for (const [value, message] of refused) assert.throws(() => canonicalJson(value), message);
});
