import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
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

test("on a Node that is too old the command says which one it needs, which one it met and how to get it", () => {
  // An old Node reads bin/millrace.js alone; what it says of itself is all that this one pretends.
  const old = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.12.0" } });`;
  const preload = `data:text/javascript,${encodeURIComponent(old)}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", preload, "bin/millrace.js", "ls"],
    { encoding: "utf8" },
  );
  assert.deepEqual([status, stdout], [1, ""]);
  assert.equal(
    stderr,
    `millrace needs Node 24 or newer; this is Node 22.12.0 (${process.execPath}).\n` +
      'Run "npm install --save-dev node@24": npm scripts then use that one. Or get it from nodejs.org.\n',
  );
  const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };
  assert.equal(engines.node, ">=24", "what npm is told is what the command says");
});

test("what an old Node has to read imports nothing at once but what every Node has", () => {
  for (const file of ["bin/millrace.js", "scripts/setup.mjs"]) {
    const imported = [...readFileSync(file, "utf8").matchAll(/^import .* from "(.+)";$/gm)].map(
      ([, from]) => from,
    );
    assert.ok(imported.length > 0, file);
    assert.deepEqual(
      imported.filter((from) => from?.startsWith("node:") !== true),
      [],
      file,
    );
  }
});
