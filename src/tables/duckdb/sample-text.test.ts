import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleText } from "./sample-text.ts";

test("two rows are shown as JSON, and dots stand for the others", () => {
  assert.equal(sampleText([{ a: 1n, b: "x" }]), '{"a":"1","b":"x"}');
  assert.equal(sampleText([{ a: 1 }, { a: 2 }]), '{"a":1}, {"a":2}');
  assert.equal(sampleText([{ a: 1 }, { a: 2 }, { a: 3 }]), '{"a":1}, {"a":2}, …');
});

test("a long sample is cut off, and never within a character", () => {
  for (const text of ["x".repeat(500), "😀".repeat(300), `x${"😀".repeat(300)}`]) {
    const shown = sampleText([{ text }]);
    assert.ok(shown.length <= 200 && shown.endsWith("…") && shown.isWellFormed());
  }
});
