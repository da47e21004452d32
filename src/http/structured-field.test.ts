import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { fieldDictionary, fieldKey, fieldString } from "./structured-field.ts";

test("keys of assets become keys of a dictionary, and stay different", () => {
  assert.equal(fieldKey("daily_delays"), "daily_delays");
  assert.equal(fieldKey("sales/daily-revenue"), "sales.daily-revenue");
  assert.equal(fieldKey("Sales/X"), "*sales.*x");
  assert.equal(fieldKey("_raw"), "*_raw");
  const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,3}(\/[A-Za-z_][A-Za-z0-9_-]{0,3})?$/);
  fc.assert(
    fc.property(key, key, (a, b) => {
      assert.match(fieldKey(a), /^[a-z*][a-z0-9_.*-]*$/);
      assert.equal(fieldKey(a) === fieldKey(b), a === b);
    }),
  );
});

test("strings are quoted ASCII, whatever they hold", () => {
  assert.equal(fieldString('a "b" \\ c'), '"a \\"b\\" \\\\ c"');
  assert.equal(fieldString("é\r\n"), '"???"');
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => assert.match(fieldString(text), /^"[\x20-\x7e]*"$/)),
  );
});

test("members are listed in order", () => {
  assert.equal(
    fieldDictionary([
      ["b", "1"],
      ["a/c", '"x"'],
    ]),
    'b=1, a.c="x"',
  );
});
