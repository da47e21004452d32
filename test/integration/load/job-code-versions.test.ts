import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { loadProject, type LoadedProject } from "../../../src/app/load-project.ts";
import { projectOps } from "../../../src/core/project/project-ops.ts";
import { configOf, projectFolder } from "./project-folder.ts";

const files = {
  "millrace.config.ts": configOf("./jobs.ts"),
  "jobs.ts": `import { asset, graph, job } from "millrace";
import * as z from "zod";
import { fetchPage } from "./ops/fetch.ts";
import { note, given } from "./ops/note.ts";
const clean = graph("clean", { input: z.object({ page: z.int() }), graph: ({ input }) => fetchPage({ page: input.page }) });
export const pages = asset("pages", { value: z.int(), run: () => 1 });
export const ingest = job("ingest", { graph: ({ map }) => map([1, 2], (page) => clean({ page }), { key: (page) => page }) });
export const notes = job("notes", { graph: () => [note({ text: "x" }), given()] });
export const nightly = job("nightly", { assets: "pages" });
`,
  "ops/fetch.ts": `import { op } from "millrace";
import * as z from "zod";
import { site } from "../site.ts";
/** Fetches. */
export const fetchPage = op("fetch_page", {
  description: "Fetches",
  input: z.object({ page: z.int() }),
  output: z.string(),
  run: ({ input }) => site + input.page,
});
`,
  "ops/note.ts": `import { op } from "millrace";
import * as z from "zod";
export const note = op("note", { input: z.object({ text: z.string() }), output: z.string(), run: ({ input }) => input.text });
export const given = op("given", { codeVersion: "1", run: () => undefined });
`,
  "site.ts": 'export const site = "http://x/";\n',
};
type File = keyof typeof files;

function versionsOf({ project, opCodeVersionOf, jobCodeVersionOf }: LoadedProject): Record<string, string> {
  return Object.fromEntries([
    ...[...projectOps(project)].map((one) => [one.name, opCodeVersionOf(one)]),
    ...project.jobs.map((one) => [one.name, jobCodeVersionOf(one)]),
  ]);
}
const load = async (t: TestContext, changed: Partial<Record<File, string>> = {}) =>
  versionsOf(await loadProject(projectFolder(t, { ...files, ...changed })));

async function changedBy(t: TestContext, file: File, from: string, to: string): Promise<string[]> {
  assert.ok(files[file].includes(from), `${file} has no ${from}`);
  const before = await load(t);
  const after = await load(t, { [file]: files[file].replace(from, to) });
  assert.deepEqual(Object.keys(before).toSorted(), Object.keys(after).toSorted());
  return Object.keys(before)
    .filter((key) => before[key] !== after[key])
    .toSorted();
}

test("N8: an op has the code version of what its module reaches, and so have the jobs that call it, however deep", async (t) => {
  assert.deepEqual(await load(t), await load(t));
  assert.deepEqual(await changedBy(t, "site.ts", "//x/", "//y/"), ["fetch_page", "ingest"]);
  assert.deepEqual(await changedBy(t, "ops/fetch.ts", "site + input.page", "`${site}${input.page}`"), [
    "fetch_page",
    "ingest",
  ]);
  assert.deepEqual(await changedBy(t, "ops/note.ts", "=> input.text", '=> ""'), ["note", "notes"]);
});

test("N8: comments and descriptions of ops change nothing", async (t) => {
  assert.deepEqual(await changedBy(t, "ops/fetch.ts", "Fetches. ", "Fetches a page. "), []);
  assert.deepEqual(
    await changedBy(t, "ops/fetch.ts", 'description: "Fetches"', 'description: "Fetches a page"'),
    [],
  );
});

test("N8: of an op with a codeVersion nothing else counts", async (t) => {
  assert.deepEqual(await changedBy(t, "ops/note.ts", 'codeVersion: "1"', 'codeVersion: "2"'), [
    "given",
    "note",
    "notes",
  ]);
});

test("N8: how the steps of a job fit together, and which assets it makes, is its code", async (t) => {
  assert.deepEqual(await changedBy(t, "jobs.ts", "map([1, 2]", "map([1, 3]"), ["ingest"]);
  assert.deepEqual(await changedBy(t, "jobs.ts", "key: (page) => page", "key: (page) => page + 1"), [
    "ingest",
  ]);
  assert.deepEqual(
    await changedBy(t, "jobs.ts", 'note({ text: "x" })', 'note({ text: "x" }, { name: "y" })'),
    ["notes"],
  );
  assert.deepEqual(await changedBy(t, "jobs.ts", 'assets: "pages"', 'assets: "+pages"'), ["nightly"]);
});
