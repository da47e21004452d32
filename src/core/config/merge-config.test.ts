import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { mergeConfig, type ConfigSource } from "./merge-config.ts";

const document = (value: unknown): ConfigSource => ({ source: "document", document: value });
const merged = (...sources: readonly ConfigSource[]): unknown => {
  const result = mergeConfig(sources);
  assert.ok(result.ok, "it was refused");
  return result.value;
};

const name = fc.oneof(fc.constantFrom("a", "b", "c", "__proto__", "constructor"), fc.string());
const { object } = fc.letrec<{ object: Record<string, unknown>; value: unknown }>((tie) => ({
  object: fc
    .array(fc.tuple(name, tie("value")), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
  value: fc.oneof(
    { depthSize: "small" },
    fc.integer(),
    fc.string(),
    fc.constant(null),
    fc.constant({ $env: "NAME" }),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
}));

test("merging goes from the first to the last, and what is merged with itself stays as it is", () => {
  fc.assert(
    fc.property(object, object, object, (a, b, c) => {
      const stepwise = merged(document(merged(document(a), document(b))), document(c));
      assert.deepEqual(stepwise, merged(document(a), document(b), document(c)));
      assert.deepEqual(merged(document(a), document(a)), merged(document(a)));
    }),
  );
});

test("what was taken away in between does not come back: sources are no groups", () => {
  const [a, b, c] = [{ b: { x: 1 } }, { b: null }, { b: {} }];
  assert.deepEqual(merged(document(a), document(b), document(c)), { b: {} });
  // Merged beforehand, b and c no longer say that anything was taken away.
  assert.deepEqual(merged(document(a), document(merged(document(b), document(c)))), { b: { x: 1 } });
});

test("whatever was merged before, a setting is what is read at its path afterwards", () => {
  fc.assert(
    fc.property(
      object,
      fc.array(name, { minLength: 1, maxLength: 4 }),
      fc.integer(),
      (given, path, value) => {
        const result = merged(document(given), { source: "setting", path, value });
        const found = path.reduce<unknown>(
          (at, key) => Object.getOwnPropertyDescriptor(at, key)?.value,
          result,
        );
        assert.equal(found, value);
        assert.deepEqual(Object.keys(Object.prototype), [], "nobody else's members change");
      },
    ),
  );
});

test("the later says where two say something; lists and references are taken whole", () => {
  assert.deepEqual(
    merged(
      document({ assets: { a: { pages: 1, list: [1, 2], token: { $env: "A" } }, b: { x: 1 } } }),
      document({ assets: { a: { pages: 2, list: [3], token: { $env: "B" } } } }),
      { source: "setting", path: ["assets", "a", "deep", "er"], value: true },
      { source: "setting", path: ["assets", "b", "list", 0], value: "first" },
      { source: "setting", path: ["assets", "b", "list", 1], value: "second" },
    ),
    {
      assets: {
        a: { pages: 2, list: [3], token: { $env: "B" }, deep: { er: true } },
        b: { x: 1, list: ["first", "second"] },
      },
    },
  );
});

test("a list grows by its next place only", () => {
  const result = mergeConfig([document({ list: [1] }), { source: "setting", path: ["list", 2], value: 3 }]);
  assert.ok(!result.ok);
  assert.equal(
    result.problems[0]?.message,
    "list[2]: the list has no such place; the next free one may be set",
  );
});
