import assert from "node:assert/strict";
import { test } from "node:test";
import { checkEnvironmentName } from "./environment-name.ts";
import { parseSnapshotRef } from "./snapshot-ref.ts";

test("an environment is named like a branch of code", () => {
  for (const name of ["main", "pr-7", "feature/new-prices", "2026.11", "a".repeat(100)]) {
    checkEnvironmentName(name);
    assert.deepEqual(parseSnapshotRef(`${name}@3`), { by: "token", environment: name, number: 3 });
  }
});

test("a name that a snapshot token could not carry is refused", () => {
  for (const name of ["", "-x", "/x", "a b", "a@b", "a:b", "ä", "a".repeat(101), "a\n"]) {
    assert.throws(
      () => {
        checkEnvironmentName(name);
      },
      { code: "ENVIRONMENT_NAME_INVALID" },
    );
  }
});
