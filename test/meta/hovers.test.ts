import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { HoverReader } from "./hover-reader.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = fileURLToPath(new URL("../types/hovers.ts", import.meta.url));

test("an editor shows what is inferred, in words that can be read", { timeout: 60_000 }, async () => {
  await using reader = await HoverReader.open(root);
  reader.openFile(file);
  const lines = readFileSync(file, "utf8").split("\n");
  const expected: string[] = [];
  const shown: string[] = [];
  for (const [index, line] of lines.entries()) {
    const found = /^\s*\/\/\s*\^\? (.*)$/.exec(line);
    if (found === null) continue;
    expected.push(found[1] ?? "");
    shown.push(await reader.hover(file, index - 1, line.indexOf("^")));
  }
  assert.ok(expected.length > 8, "the page of hovers has them");
  assert.deepEqual(shown, expected);
});
