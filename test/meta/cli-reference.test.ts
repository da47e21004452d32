import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceFile, renderReference } from "../../scripts/cli-reference.ts";

test("the reference page of the command line says what the commands say", () => {
  assert.equal(readFileSync(referenceFile, "utf8"), renderReference(), "npm run cli:update writes it anew");
});
