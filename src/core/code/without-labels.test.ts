import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { labelsOf, withoutLabels } from "./without-labels.ts";

const known = labelsOf([
  {
    description: "All orders",
    group: "sales",
    tags: { team: "shop", "on-call": "ada" },
    owners: ["team:data", "ada"],
  },
  { description: `It's "odd"\n\\` },
]);
const plain = (code: string): string => withoutLabels(code, known);

test("what a definition says of itself goes, however it is written as a literal (N8)", () => {
  for (const member of [
    'description: "All orders",',
    "description: 'All orders'",
    "description : `All orders`,",
    'description: "It\'s \\"odd\\"\\n\\\\",',
    "description: 'It\\'s \"odd\"\\n\\\\',",
    'group: "sales",',
    'tags: { team: "shop", "on-call": "ada" },',
    'tags: {\n "on-call": \'ada\',\n team: "shop",\n},',
    'owners: ["team:data", "ada"],',
    'owners: [\n"team:data",\n"ada",\n]',
  ]) {
    const bare = member.replace(/,$/, "");
    assert.equal(plain(`{ ${bare}, run }`), "{ run }", member);
    assert.equal(plain(`{ run,\n  ${bare},\n  deps }`), "{ run,\n  deps }", member);
    assert.equal(plain(`{ run, ${bare} }`), "{ run }", member);
  }
});

test("what is no label of a definition stays: data, other names, what has to be worked out", () => {
  for (const code of [
    'return [{ description: "Another" }];',
    'return [{ title: "All orders" }];',
    'description: "All " + "orders",',
    "description: `All ${orders}`,",
    'myDescription: "All orders"',
    'owners: ["ada"],',
    'owners: ["team:data", "ada", other],',
    'tags: { team: "shop", ...others },',
    'tags: { team: { deep: "x" } },',
  ]) {
    assert.equal(plain(code), code);
  }
});

test("another description of the same definition gives the same text, whatever it says", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (one, other) => {
      const code = (description: string): string =>
        withoutLabels(
          `asset("a", { description: ${JSON.stringify(description)}, run: () => 1 })`,
          labelsOf([{ description }]),
        );
      assert.equal(code(one), code(other));
    }),
  );
});
