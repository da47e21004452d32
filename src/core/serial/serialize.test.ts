import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { deserialize, NotSerializable, serialize } from "./serialize.ts";

const back = (value: unknown): unknown => deserialize(serialize(value));

test("whatever is accepted comes back equal (N38)", () => {
  const leaf = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.boolean(),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array(),
    fc.constantFrom(null, undefined, -0, "\0", "\ud800", ""),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("value")),
      fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom("$", "v", "__proto__", "constructor")),
        tie("value"),
      ),
      fc.array(fc.tuple(tie("value"), tie("value"))).map((entries) => new Map(entries)),
      fc.array(leaf).map((items) => new Set(items)),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      assert.deepStrictEqual(back(given), given);
    }),
    { numRuns: 500 },
  );
});

test("a key that looks like a tag is a key", () => {
  for (const value of [{ $: "date", v: 1 }, { $: { $: "x" } }, [{ $: "undefined" }]]) {
    assert.deepStrictEqual(back(value), value);
  }
});

test("the same part in two places is no circle", () => {
  const part = { n: 1 };
  assert.deepEqual(back([part, part]), [part, part]);
});

class Handle {
  readonly n = 1;
}
const circle: { self?: unknown } = {};
circle.self = { of: [circle] };
let deep: unknown = 1;
for (let level = 0; level < 10_000; level += 1) deep = [deep];

const refused: readonly (readonly [string, unknown, string])[] = [
  ["a function", { load: () => 1 }, "result.load is a function"],
  ["a symbol", [Symbol("x")], "result[0] is a symbol"],
  [
    "an instance of a class",
    { rows: [{ "a b": new Handle() }] },
    'result.rows[0]["a b"] is an instance of Handle',
  ],
  ["an error", new Error("x"), "result is an instance of Error"],
  ["a promise", { later: Promise.resolve(1) }, "result.later is an instance of Promise"],
  ["a circle", circle, "result.self.of[0] is part of a circle"],
  ["a name that is a symbol", { [Symbol.iterator]: 1 }, "result is named by a symbol"],
  ["a function in a map", new Map([["k", () => 1]]), "result.get(k) is a function"],
];
for (const [what, value, message] of refused) {
  test(`${what} is refused, with its place (N38)`, () => {
    assert.throws(
      () => serialize(value),
      new NotSerializable(message.split(" is ")[0] ?? "", message.split(" is ")[1] ?? ""),
    );
  });
}

test("what is nested too deep is refused, not a broken stack (N38)", () => {
  assert.throws(() => serialize(deep), /nested deeper than 500 levels/);
});
