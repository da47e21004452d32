import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { compareLines, lineDiff, type DiffLine } from "./line-diff.ts";

const marked = (lines: readonly DiffLine[]): string[] =>
  lines.map(({ side, text }) => `${{ both: " ", before: "-", after: "+" }[side]}${text}`);

test("what differs is shown with two lines around it, and what is left out as one", () => {
  const before = ["a", "b", "c", "d", "e", "f", "g"].join("\n");
  const after = ["a", "b", "c", "d", "E", "f", "g"].join("\n");
  assert.deepEqual(marked(lineDiff(before, after)), [" …", " c", " d", "-e", "+E", " f", " g"]);
  assert.deepEqual(lineDiff(before, before), []);
});

test("both sides can be read from it, whatever the texts", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const lines = compareLines(before, after);
      const side = (other: DiffLine["side"]): string[] =>
        lines.flatMap((line) => (line.side === other ? [] : [line.text]));
      assert.deepEqual(side("after"), before);
      assert.deepEqual(side("before"), after);
    }),
  );
});

test("a text of 100,000 lines takes no long thought", () => {
  const lines = (word: string): string[] => Array.from({ length: 100_000 }, (_, index) => `${word} ${index}`);
  const started = performance.now();
  assert.equal(compareLines(lines("a"), lines("b")).length, 200_000);
  assert.ok(performance.now() - started < 2_000);
});
