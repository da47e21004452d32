import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { describeExports, exportedNames, snapshotFile } from "../../scripts/exports.ts";

test("the names users can import are those in exports.txt (npm run exports:update after an intended change)", () => {
  assert.equal(describeExports(), readFileSync(snapshotFile, "utf8"));
});

test("values and types are told apart, and export * is refused", () => {
  const source =
    'export { b, c as a } from "./x.ts"; export type { T } from "./x.ts"; export { type U } from "./x.ts";';
  assert.deepEqual(exportedNames("index.ts", source), ["a", "b", "type T", "type U"]);
  assert.deepEqual(exportedNames("index.ts", "const plugin = 1; export default plugin;"), ["default"]);
  assert.throws(() => exportedNames("index.ts", 'export * from "./x.ts";'), /one by one/);
});
