import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
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

test("the thread that keeps leases runs from the built package (N35)", () => {
  const watch = join(process.cwd(), "dist/app/watch/watch-from-thread.js");
  // Opened by the thread, from the JavaScript beside it: there is no such state, so it gives the lease up.
  const script = `
    const { watchFromThread } = await import(${JSON.stringify(watch)});
    const instead = { over() { throw new Error("the thread has ended"); } };
    const runs = { renew: () => Promise.reject(new Error("the thread has said so")) };
    const watch = watchFromThread({ kind: "sqlite", path: "/no/such/folder/state.db" }, runs, instead);
    const lost = await new Promise((onLost) => {
      const scope = { projectId: 1, environmentId: 1, environment: "main" };
      watch.over({ scope, lease: { runId: "r", token: 1, snapshot: 0 }, leaseMs: 300, onLost });
      setTimeout(() => onLost({ cause: "not within 20 s" }), 20_000);
    });
    console.log(String(lost.cause));
    await watch.close();
    process.exit();`;
  const answer = execFileSync(
    process.execPath,
    ["--no-strip-types", "--input-type=module", "--eval", script],
    { encoding: "utf8" },
  );
  assert.match(answer, /the thread has said so/);
});

test("a project extends the settings in the packed package, and they keep it to what Node can run", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-preset-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  execFileSync("npm", ["pack", join(process.cwd(), "dist"), "--pack-destination", folder], {
    stdio: "ignore",
  });
  execFileSync("tar", ["-xzf", "millrace-0.1.0.tgz", "-C", modules], { cwd: folder });
  execFileSync("mv", [join(modules, "package"), join(modules, "millrace")]);
  symlinkSync(join(process.cwd(), "node_modules/@types"), join(modules, "@types"));
  const files = {
    "package.json": { type: "module" },
    "tsconfig.json": { extends: "millrace/tsconfig.json", include: ["*.ts"] },
  };
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(content));
  const compile = (text: string): string => {
    writeFileSync(join(folder, "a.ts"), text);
    return spawnSync("node_modules/.bin/tsc", ["-p", folder], { encoding: "utf8" }).stdout;
  };
  assert.equal(compile('import { sep } from "node:path";\nexport const a: string = sep;\n'), "");
  assert.match(compile("export enum A { B }\n"), /error TS1294/);
  assert.match(compile("export const a = (all: string[]): string => all[0];\n"), /error TS2322/);
  // Left off: with it the complaints about schemas cannot be read.
  assert.equal(compile("export const a: { b?: string } = { b: undefined };\n"), "");
});
