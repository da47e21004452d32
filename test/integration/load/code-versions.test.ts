import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { loadProject } from "../../../src/app/load-project.ts";
import { configOf, projectFolder } from "./project-folder.ts";

/** Two TypeScript assets in modules of their own, a SQL asset, an endpoint, and what they import. */
const files = {
  "millrace.config.ts": configOf("./assets/one.ts", "./assets/two.ts", "./api.ts"),
  "assets/one.ts": `import { asset, sql } from "millrace";
import * as z from "zod";
import { scale } from "../help/scale.ts";
export const one = asset("one", { value: z.number(), run: (): number => scale(1) });
export const table = asset("table", { columns: z.object({ n: z.int() }), sql: sql\`select 1 as n\` });
`,
  "assets/two.ts": `import { asset } from "millrace";
import * as z from "zod";
import { made } from "../help/factory.ts";
export const two = asset("two", { value: z.number(), run: () => 2 });
export const three = made("three", 3);
`,
  "api.ts": `import { endpoint } from "millrace";
import { scale } from "./help/scale.ts";
export const now = endpoint("GET /now", { handler: () => scale(2) });
`,
  "help/scale.ts": `import { factor } from "./factor.ts";
import type { Unused } from "./unused.ts";
/** Scales. */
export const scale = (value: number): number => value * factor; // by the factor
export type Scaled = Unused;
`,
  "help/factor.ts": `import { unit } from "unit-package";
import data from "./data.json" with { type: "json" };
export const factor: number = unit * data.factor;
`,
  "help/data.json": '{ "factor": 2 }\n',
  "help/unused.ts": "export type Unused = 1;\n",
  "help/factory.ts": `import { asset } from "millrace";
import * as z from "zod";
export const made = (key: string, value: number) => asset(key, { value: z.number(), run: () => value });
`,
  "node_modules/unit-package/package.json":
    '{ "name": "unit-package", "version": "1.0.0", "type": "module", "exports": "./dist/index.js" }',
  // As packages do that are built twice: the nearest manifest names nothing.
  "node_modules/unit-package/dist/package.json": '{ "type": "module" }',
  "node_modules/unit-package/dist/index.js": "export const unit = 1;\n",
};
type File = keyof typeof files;

async function versionsOf(
  t: TestContext,
  changed: Partial<Record<File, string>> = {},
): Promise<Record<string, string>> {
  const { project, codeVersionOf, endpointCodeVersionOf } = await loadProject(
    projectFolder(t, { ...files, ...changed }),
  );
  return Object.fromEntries([
    ...project.assets.map((asset) => [asset.key, codeVersionOf(asset)]),
    ...project.endpoints.map((endpoint) => [endpoint.route, endpointCodeVersionOf(endpoint)]),
  ]);
}

/** Which of them have another code version once a file is changed. Each project lies in a folder of its own. */
async function changedBy(t: TestContext, file: File, from: string, to: string): Promise<string[]> {
  assert.ok(files[file].includes(from), `${file} has no ${from}`);
  const before = await versionsOf(t);
  const after = await versionsOf(t, { [file]: files[file].replace(from, to) });
  return Object.keys(before)
    .filter((key) => before[key] !== after[key])
    .toSorted();
}

test("moving the folder changes no code version (N8)", async (t) => {
  assert.deepEqual(await versionsOf(t), await versionsOf(t));
});

test("who loads the project makes no difference", async (t) => {
  const caller = `import { loadProject } from "../../../src/app/load-project.ts";
export async function load(directory: string) { return await loadProject(directory); }`;
  const directory = projectFolder(t, { "caller.ts": caller }, "caller");
  const { load } = (await import(join(directory, "caller.ts"))) as { load: typeof loadProject };
  const loaded = await load(projectFolder(t, files));
  const one = loaded.graph.byKey.get("one") ?? assert.fail();
  assert.equal(loaded.codeVersionOf(one), (await versionsOf(t))["one"]);
});

test("a change in a module changes the functions that reach it by import, however far, and no SQL (N8)", async (t) => {
  assert.deepEqual(await changedBy(t, "help/scale.ts", "value * factor", "value / factor"), [
    "GET /now",
    "one",
  ]);
  assert.deepEqual(await changedBy(t, "help/factor.ts", "unit *", "unit +"), ["GET /now", "one"]);
  assert.deepEqual(await changedBy(t, "assets/one.ts", "scale(1)", "scale(3)"), ["one"]);
  assert.deepEqual(await changedBy(t, "api.ts", "scale(2)", "scale(3)"), ["GET /now"]);
});

test("a change in the SQL changes its asset, and those whose functions share the file (N8)", async (t) => {
  assert.deepEqual(await changedBy(t, "assets/one.ts", "select 1 as n", "select 2 as n"), ["one", "table"]);
});

test("another version of a package changes who reaches it, also where its nearest manifest has no version (N8)", async (t) => {
  assert.deepEqual(await changedBy(t, "node_modules/unit-package/package.json", "1.0.0", "1.0.1"), [
    "GET /now",
    "one",
  ]);
});

test("what a package's files say makes no difference, its version stands for them", async (t) => {
  assert.deepEqual(await changedBy(t, "node_modules/unit-package/dist/index.js", "unit = 1", "unit = 3"), []);
});

test("a package that is linked in from a workspace counts by its files", async (t) => {
  const versions = async (factor: number): Promise<string | undefined> => {
    const directory = projectFolder(t, {
      ...files,
      "packages/linked/package.json":
        '{ "name": "linked", "version": "0.0.0", "type": "module", "exports": "./index.ts" }',
      "packages/linked/index.ts": `export const unit: number = ${factor};`,
      "help/factor.ts": 'export { unit as factor } from "linked";',
    });
    symlinkSync("../packages/linked", join(directory, "node_modules/linked"), "dir");
    const { graph, codeVersionOf } = await loadProject(directory);
    return codeVersionOf(graph.byKey.get("one") ?? assert.fail());
  };
  assert.equal(await versions(1), await versions(1));
  assert.notEqual(await versions(1), await versions(2));
});

test("data that is imported is code (N8)", async (t) => {
  assert.deepEqual(await changedBy(t, "help/data.json", "2", "3"), ["GET /now", "one"]);
});

test("comments, types, blank space and what is imported for its types alone make no difference (N8)", async (t) => {
  assert.deepEqual(await changedBy(t, "help/scale.ts", "Scales.", "Multiplies by the factor."), []);
  assert.deepEqual(await changedBy(t, "help/scale.ts", "// by the factor", ""), []);
  assert.deepEqual(await changedBy(t, "help/scale.ts", "(value: number): number", "(value: any): any"), []);
  assert.deepEqual(await changedBy(t, "help/scale.ts", "value * factor", "value  *\n  factor"), []);
  assert.deepEqual(await changedBy(t, "assets/one.ts", "(): number", "()"), []);
  assert.deepEqual(await changedBy(t, "help/unused.ts", "= 1", "= 2"), []);
});

test("what looks like a comment in a text is text", async (t) => {
  const before = await versionsOf(t, { "help/data.json": '{ "factor": 2, "a": "// x" }' });
  const after = await versionsOf(t, { "help/data.json": '{ "factor": 2, "a": "// y" }' });
  assert.notEqual(before["one"], after["one"]);
  const text = (inner: string): Promise<Record<string, string>> =>
    versionsOf(t, { "help/factor.ts": `${files["help/factor.ts"]}console.assert("${inner}");` });
  assert.notEqual((await text("// x"))["one"], (await text("// y"))["one"]);
});

test("what a factory makes is told by the module that calls it as well as by the factory's own", async (t) => {
  assert.deepEqual(await changedBy(t, "help/factory.ts", "() => value", "() => -value"), ["three", "two"]);
  assert.deepEqual(await changedBy(t, "assets/two.ts", 'made("three", 3)', 'made("three", 4)'), [
    "three",
    "two",
  ]);
});

test("a description, a group, tags or owners change nothing, of a function either (N8)", async (t) => {
  const labelled = (labels: string) =>
    versionsOf(t, {
      "assets/two.ts": files["assets/two.ts"].replace("value: z", `${labels} value: z`),
      "api.ts": files["api.ts"].replace("{ handler", `{ ${labels.includes("tags: {") ? "" : labels} handler`),
    });
  const plain = await versionsOf(t);
  assert.deepEqual(await labelled('description: "One,\\n \\"two\\"",'), plain);
  assert.deepEqual(await labelled('group: "g", tags: { a: "b" }, owners: ["team:ada"],'), plain);
});

test("a description changes nothing where the code is SQL", async (t) => {
  assert.deepEqual(
    await changedBy(t, "assets/one.ts", "columns: z", 'description: "new", columns: z').then((keys) =>
      keys.includes("table"),
    ),
    false,
  );
});
