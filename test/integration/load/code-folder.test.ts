import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { loadProject } from "../../../src/app/load-project.ts";
import { configOf, projectFolder } from "./project-folder.ts";

const loader = fileURLToPath(new URL("../../../src/app/load-project.ts", import.meta.url));

/** Loads a project in a process of its own, which is what a pin is for: Node loads a module once in a process. */
function load(
  folder: string,
  code?: string,
  after = "",
): { readonly output: string; readonly errors: string } {
  const script = `
    import { loadProject } from ${JSON.stringify(loader)};
    const loaded = await loadProject(${JSON.stringify(folder)}, ${JSON.stringify(code === undefined ? {} : { code })});
    const { project, codeVersionOf } = loaded;
    ${after}
    const versions = project.assets.map((asset) => [asset.key, codeVersionOf(asset)]);
    const values = project.assets.map((asset) => asset.metadata);
    const places = project.assets.map((asset) => asset.site.place);
    console.log(JSON.stringify({ pin: await loaded.code.keep(project.assets), versions, values, places }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  return { output: stdout, errors: stderr };
}

interface Loaded {
  readonly pin: string;
  readonly versions: readonly (readonly [string, string])[];
  readonly values: readonly Readonly<Record<string, unknown>>[];
  readonly places: readonly { readonly file: string; readonly line: number }[];
}

function loaded(folder: string, code?: string, after?: string): Loaded {
  const { output, errors } = load(folder, code, after);
  assert.equal(errors, "");
  return JSON.parse(output) as Loaded;
}

const files = {
  "millrace.config.ts": configOf("./assets.ts"),
  "assets.ts": `import { createRequire } from "node:module";
import { asset } from "millrace";
import * as z from "zod";
import data from "./data.json" with { type: "json" };
import { old } from "./old.cjs";
import { unit } from "unit-package";
import { linked } from "linked";

interface Facts { readonly n: number }
const facts: Facts = { n: data.n };
const required = createRequire(import.meta.url)("./required.cjs");
export const a = asset("a", {
  value: z.number(),
  metadata: { n: facts.n, old, required: required.r, unit, linked, url: import.meta.url, dir: import.meta.dirname },
  run: async () => (await import("./late.ts")).late,
});
`,
  "data.json": '{ "n": 1 }',
  "old.cjs": "exports.old = 'old 1';",
  "required.cjs": "exports.r = require('./deeper.cjs').d;",
  "deeper.cjs": "exports.d = 'deep 1';",
  "late.ts": 'export { later as late } from "./later.ts";\n',
  "later.ts": "export const later: number = 1;\n",
  "package.json": '{ "type": "module" }',
  "node_modules/unit-package/package.json":
    '{ "name": "unit-package", "version": "1.0.0", "type": "module", "exports": "./index.js", "dependencies": { "deep": "*" } }',
  "node_modules/unit-package/index.js": "export const unit = 1;\n",
  "node_modules/deep/package.json": '{ "name": "deep", "version": "3.0.0" }',
  "packages/linked/package.json":
    '{ "name": "linked", "version": "0.0.0", "type": "module", "exports": "./index.ts" }',
  "packages/linked/index.ts": "export const linked: string = 'linked 1';",
};

function project(t: TestContext, name?: string): string {
  const folder = projectFolder(t, files, name);
  symlinkSync("../packages/linked", join(folder, "node_modules/linked"), "dir");
  return folder;
}

function replaceAll(folder: string): void {
  for (const file of [
    "data.json",
    "old.cjs",
    "required.cjs",
    "deeper.cjs",
    "later.ts",
    "packages/linked/index.ts",
  ]) {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, "utf8").replace(/1\b/, "2"));
  }
  writeFileSync(join(folder, "assets.ts"), "export const half = ");
}

test("pinned code is what it was, of every kind of module, under the same URLs and lines, whatever the files say now (N9)", (t) => {
  const folder = project(t, "My Project (copy) 100% #1");
  const before = loaded(folder);
  assert.equal(loaded(folder).pin, before.pin, "the same code has the same pin");
  replaceAll(folder);
  assert.match(load(folder).errors, /PROJECT_LOAD_FAILED/);
  assert.deepEqual(loaded(folder, before.pin), before);
  for (const file of Object.keys(files)) {
    if (!file.startsWith("node_modules") && !file.endsWith("package.json")) rmSync(join(folder, file));
  }
  assert.deepEqual(loaded(folder, before.pin), before);
  assert.equal(before.values[0]?.["dir"], folder);
  assert.deepEqual(before.places, [{ file: join(folder, "assets.ts"), line: 12 }]);
});

test("what a function imports late is code that it reaches (N8), and is pinned too (N9)", (t) => {
  const folder = project(t);
  const run = "console.error(await project.assets[0].body.run());";
  const before = loaded(folder);
  const pin = before.pin;
  writeFileSync(join(folder, "later.ts"), "export const later: number = 2;\n");
  assert.notDeepEqual(loaded(folder).versions, before.versions);
  assert.equal(load(folder, pin, run).errors, "1\n");
  assert.equal(load(folder, undefined, run).errors, "2\n");
});

test("what is changed between the load and the import of a late module does not run (N9)", (t) => {
  const folder = project(t);
  const edit = `(await import("node:fs")).writeFileSync(${JSON.stringify(join(folder, "later.ts"))}, "export const later = 2;");`;
  assert.equal(
    load(folder, undefined, `${edit} console.error(await project.assets[0].body.run());`).errors,
    "1\n",
  );
});

test("a package counts with those it depends on, as they are installed; Millrace's own version does not (N8)", async (t) => {
  const folder = project(t);
  const { code, graph } = await loadProject(folder);
  const { packages } = code.manifestOf(graph.byKey.get("a") ?? assert.fail()).reached ?? assert.fail();
  const { zod, ...others } = packages;
  assert.match(zod ?? "", /^4\./);
  assert.deepEqual(others, { "unit-package": "1.0.0", deep: "3.0.0" });
});

test("the files that are reached are named by their paths in the project, and no others (N8)", async (t) => {
  const folder = project(t);
  writeFileSync(join(folder, "unreached.ts"), "export const x = 1;\n");
  const { code, graph } = await loadProject(folder);
  const { files: reached } = code.manifestOf(graph.byKey.get("a") ?? assert.fail()).reached ?? assert.fail();
  assert.deepEqual(Object.keys(reached).toSorted(), [
    "assets.ts",
    "data.json",
    "deeper.cjs",
    "late.ts",
    "later.ts",
    "old.cjs",
    "packages/linked/index.ts",
    "required.cjs",
  ]);
});

test("looking writes nothing; keeping writes each content once (N9)", async (t) => {
  const folder = project(t);
  const { code, graph } = await loadProject(folder);
  assert.throws(() => readdirSync(join(folder, ".millrace")), { code: "ENOENT" });
  const asset = graph.byKey.get("a") ?? assert.fail();
  const pin = await code.keep([asset]);
  assert.equal(await code.keep([asset]), pin);
  const blobs = readdirSync(join(folder, ".millrace/code/blobs"));
  assert.deepEqual(readdirSync(join(folder, ".millrace/code/pins")), [`${pin}.json`]);
  assert.equal(blobs.filter((name) => name.includes(".part")).length, 0);
  for (const digest of Object.values(code.manifestOf(asset).reached?.files ?? {})) {
    assert.ok(blobs.includes(digest), "the comment-free text is kept, to be shown when it has changed");
    assert.equal(typeof code.text(digest), "string");
  }
  assert.equal(code.text("0123456789abcdef0123456789abcdef"), undefined);
});

test("only code that nobody needs is removed, and only once it has lain unused for the grace (N9, N18)", async (t) => {
  const folder = project(t);
  const first = loaded(folder).pin;
  writeFileSync(join(folder, "data.json"), '{ "n": 5 }');
  const second = loaded(folder).pin;
  const root = join(folder, ".millrace/code");
  const list = (): number[] => ["pins", "blobs"].map((part) => readdirSync(join(root, part)).length);
  const { code } = await loadProject(folder);
  const nothing = { pins: new Set<string>(), texts: new Set<string>() };
  const before = list();
  assert.deepEqual(await code.collect(nothing, 60_000, false), { pins: 0, texts: 0 });
  assert.deepEqual(list(), before);
  const long = new Date(Date.now() - 3_600_000);
  writeFileSync(join(root, "blobs", "killed.123.part"), "half");
  for (const part of ["pins", "blobs"]) {
    for (const name of readdirSync(join(root, part))) utimesSync(join(root, part, name), long, long);
  }
  const inUse = { ...nothing, pins: new Set([first]) };
  const told = await code.collect(inUse, 60_000, true);
  assert.deepEqual(list(), [before[0], (before[1] ?? 0) + 1], "a dry run removes nothing");
  assert.deepEqual(await code.collect(inUse, 60_000, false), told);
  assert.equal(told.pins, 1);
  assert.deepEqual(readdirSync(join(root, "pins")), [`${first}.json`]);
  assert.equal(loaded(folder, first).values[0]?.["n"], 1);
  assert.match(load(folder, second).errors, /CODE_GONE/);
});

test("a blob that was changed on disk is never run (N9)", (t) => {
  const folder = project(t);
  const { pin } = loaded(folder);
  const blobs = join(folder, ".millrace/code/blobs");
  const damaged = readdirSync(blobs).filter((name) =>
    readFileSync(join(blobs, name), "utf8").includes("old 1"),
  );
  assert.ok(damaged.length > 0);
  for (const name of damaged) writeFileSync(join(blobs, name), "exports.old = 'evil';");
  assert.match(load(folder, pin).errors, /does not hold what it is named after/);
});
