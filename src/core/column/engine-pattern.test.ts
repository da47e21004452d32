import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { enginePattern } from "./engine-pattern.ts";

// That the patterns mean the same in the engine is shown in test/integration/tables/patterns.test.ts.
suite("a pattern for the engine", () => {
  test("stays as it is where both dialects agree", () => {
    for (const pattern of [
      /^[a-z0-9_-]+$/,
      /a{2,5}|b?/,
      /(?:ab)*c+?/,
      /\d\D\w\W\b\B\t\n/,
      /[\]\\^-]/,
      /\/\./,
    ]) {
      assert.equal(enginePattern(pattern), pattern.source);
    }
  });

  test("has no counterpart for lookaround, back references, properties and code units", () => {
    for (const pattern of [
      /(?=a)/,
      /(?!a)/,
      /(?<=a)b/,
      /(?<!a)b/,
      /(a)\1/,
      /(?<n>a)\k<n>/,
      /\p{L}/u,
      /[\p{L}]/v,
      /\ud83d/,
      new RegExp("[]"),
      /[^]/,
      /^a$/m,
      /\cA/,
      /a{1001}/,
      /é/iu,
      /[^\S]/,
    ]) {
      assert.equal(enginePattern(pattern), undefined, String(pattern));
    }
  });
});
