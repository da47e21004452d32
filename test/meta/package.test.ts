import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { test } from "node:test";

test("the lockfile names no registry: it installs from whichever one npm is configured with", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, { resolved?: string }>;
  };
  const resolved = Object.entries(packages).filter(([, { resolved }]) => resolved?.includes("://"));
  assert.deepEqual(resolved, []);
});

test("what npm starts directly is executable", () => {
  for (const file of ["bin/millrace.js", ".ci/run"]) assert.equal(statSync(file).mode & 0o111, 0o111, file);
});
