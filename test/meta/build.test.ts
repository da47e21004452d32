import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startJavaScript } from "../../scripts/build/start-javascript.ts";

test("a process is started from JavaScript in the built package", () => {
  assert.equal(
    startJavaScript('fork(new URL("../engine/worker.ts", import.meta.url), ["./user.ts"]);'),
    'fork(new URL("../engine/worker.js", import.meta.url), ["./user.ts"]);',
  );
});

test("the package that is published runs without type stripping", () => {
  execFileSync(process.execPath, ["scripts/build.ts"], { encoding: "utf8" });
  const { exports } = JSON.parse(readFileSync("dist/package.json", "utf8")) as {
    exports: Record<string, { types: string; default: string } | string>;
  };
  for (const entry of Object.values(exports)) {
    if (typeof entry === "string") continue;
    assert.ok(existsSync(join("dist", entry.types)), entry.types);
    const script = `await import(${JSON.stringify(join(process.cwd(), "dist", entry.default))})`;
    execFileSync(process.execPath, ["--no-strip-types", "--input-type=module", "--eval", script], {
      encoding: "utf8",
    });
  }
});
