import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { loadProject } from "../../../src/app/load-project.ts";
import { MillraceError } from "../../../src/core/errors.ts";
import { configOf, projectFolder } from "./project-folder.ts";

const head = `import { asset, check, endpoint, partitions, sql } from "millrace";
import * as z from "zod";
const N = z.object({ n: z.int() });
`;

/** How a project is refused, with places relative to its folder. */
async function refusal(t: TestContext, files: Readonly<Record<string, string>>, name?: string) {
  const directory = projectFolder(t, files, name);
  try {
    await loadProject(directory);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    const placed = ({ code, message, place }: MillraceError) => ({
      code,
      message: message.replaceAll(directory, "."),
      place: `${place.file?.replace(directory, ".")}:${place.line ?? "?"}`,
    });
    return { ...placed(error), fix: error.fix, problems: error.problems.map(placed) };
  }
  return assert.fail("the project was loaded");
}

test("a project is found from any folder below it", async (t) => {
  const directory = projectFolder(t, {
    "millrace.config.ts": configOf("./assets.ts"),
    "assets.ts": `${head}export const a = asset("a", { columns: N, sql: sql\`select 1 as n\` });`,
  });
  mkdirSync(join(directory, "deep/down"), { recursive: true });
  const { project, graph, file } = await loadProject(join(directory, "deep/down"));
  assert.equal(file, join(directory, "millrace.config.ts"));
  assert.equal(project.name, "test");
  assert.deepEqual([...graph.byKey.keys()], ["a"]);
});

test("where there is no config, the error says where it was looked for", async () => {
  await assert.rejects(loadProject("/"), (error) => {
    assert.ok(error instanceof MillraceError);
    assert.deepEqual(
      [error.code, error.message],
      ["PROJECT_NOT_FOUND", "No millrace.config.ts in / or above it"],
    );
    return true;
  });
});

test("all mistakes of all modules are reported at once, each with its file and line", async (t) => {
  const { code, message, problems } = await refusal(t, {
    "millrace.config.ts": configOf("./assets.ts", "./api/api.ts"),
    "assets.ts": `${head}
export const a = asset("a b", { columns: N, sql: sql\`select 1 as n\` });
export const b = asset("b", {
  columns: N,
  timeout: "soon",
  sql: sql\`select 1 as n\`,
  checks: [check.unique("m")],
});
const hidden = asset("hidden", { columns: N, sql: sql\`select 1 as n\` });
export const c = asset("c", { columns: z.object({ n: z.any() }), sql: sql\`from \${hidden}\` });
`,
    "api/api.ts": `${head}
export const one = endpoint("GET /docs", { handler: () => 1 });
export const two = endpoint("GET /x/:id", { params: z.object({ key: z.string() }), handler: () => 1 });
`,
  });
  assert.equal(code, "PROJECT_INVALID");
  assert.deepEqual(
    problems.map((problem) => `${problem.place} ${problem.code}`),
    [
      "./assets.ts:5 INVALID_KEY",
      "./assets.ts:6 INVALID_OPTION",
      "./assets.ts:6 UNKNOWN_COLUMN",
      "./assets.ts:13 DEPENDENCY_NOT_IN_PROJECT",
      "./assets.ts:13 COLUMN_TYPE_UNSUPPORTED",
      "./api/api.ts:5 ENDPOINT_ROUTE_RESERVED",
      "./api/api.ts:6 INVALID_OPTION",
    ],
  );
  const [first, second] = message.split("\n");
  assert.equal(first, "The project has 7 mistakes:");
  assert.equal(second, '- ./assets.ts:5  "a b" is no asset key');
});

test("a definition that is used before it is defined names the circle's place, not a ReferenceError", async (t) => {
  const { code, message, place } = await refusal(t, {
    "millrace.config.ts": configOf("./a.ts"),
    "a.ts": `${head}import { b } from "./b.ts";
export const a = asset("a", { columns: N, sql: sql\`from \${b}\` });`,
    "b.ts": `${head}import { a } from "./a.ts";

export const b = asset("b", { columns: N, deps: { a }, sql: sql\`from \${a}\` });`,
  });
  assert.equal(code, "DEFINITION_USED_TOO_EARLY");
  assert.equal(message, "a is used before it is defined");
  assert.equal(place, "./b.ts:6");
});

test("resources that need each other name the circle's place", async (t) => {
  const { code, message, place } = await refusal(t, {
    "millrace.config.ts": configOf("./a.ts"),
    "a.ts": `import { resource } from "millrace";
import { b } from "./b.ts";
export const a = resource("a", { resources: { b }, create: () => 1 });`,
    "b.ts": `import { resource } from "millrace";
import { a } from "./a.ts";

export const b = resource("b", { resources: { a }, create: () => 1 });`,
  });
  assert.equal(code, "DEFINITION_USED_TOO_EARLY");
  assert.equal(message, "a is used before it is defined");
  assert.equal(place, "./b.ts:4");
});

test("what cannot be parsed is reported with its file and line", async (t) => {
  const { code, message, place } = await refusal(t, {
    "millrace.config.ts": configOf("./assets.ts"),
    "assets.ts": "export const a = 1;\nexport const b = = 2;\n",
  });
  assert.equal(code, "PROJECT_LOAD_FAILED");
  assert.match(message, /^The project could not be loaded: /);
  assert.equal(place, "./assets.ts:2");
});

test("an error thrown while a module is evaluated is reported where it was thrown", async (t) => {
  const { code, message, place } = await refusal(t, {
    "millrace.config.ts": configOf("./assets.ts"),
    "assets.ts": 'import { fail } from "./help.ts";\nfail();\n',
    "help.ts": 'export function fail(): void {\n  throw new Error("on purpose");\n}\n',
  });
  assert.deepEqual([code, place], ["PROJECT_LOAD_FAILED", "./help.ts:2"]);
  assert.equal(message, "The project could not be loaded: on purpose", "the place is told once, beside it");
});

test("where package.json says CommonJS, the error names it and the command that mends it", async (t) => {
  const { code, message, place, fix } = await refusal(t, typedProject("commonjs"));
  assert.deepEqual([code, place], ["PROJECT_NOT_ESM", "./package.json:?"]);
  assert.match(message, /^By its package\.json the project is not made of ES modules: Cannot use import/);
  assert.equal(fix, "Run: npm pkg set type=module.");
});

test("a package.json that says nothing of modules is no hindrance", async (t) => {
  const { graph } = await loadProject(projectFolder(t, typedProject(undefined)));
  assert.deepEqual([...graph.byKey.keys()], ["a"]);
});

function typedProject(type: string | undefined): Record<string, string> {
  return {
    "package.json": JSON.stringify({ name: "shop", type }),
    "millrace.config.ts": configOf("./assets.ts"),
    "assets.ts": `${head}export const a = asset("a", { columns: N, sql: sql\`select 1 as n\` });`,
  };
}

test("what a call of Millrace throws is reported at the call, not inside Millrace", async (t) => {
  const wrongCall = await refusal(t, {
    "millrace.config.ts": configOf("./assets.ts"),
    "assets.ts": `${head}\nexport const months = partitions.monthly(undefined as never);\n`,
  });
  assert.deepEqual([wrongCall.code, wrongCall.place], ["PROJECT_LOAD_FAILED", "./assets.ts:5"]);
  const { code, problems, message } = await refusal(t, {
    "millrace.config.ts": configOf("./assets.ts"),
    "assets.ts": `${head}\n\nexport const query = sql\`select \${undefined as never}\`;\n`,
  });
  assert.equal(code, "PROJECT_INVALID");
  assert.deepEqual(
    problems.map((problem) => [problem.code, problem.place]),
    [["SQL_VALUE_UNSUPPORTED", "./assets.ts:6"]],
  );
  assert.match(message, /\n- \.\/assets\.ts:6 {2}sql: the value after «select» is undefined/);
});

test("an import of what there is not names it", async (t) => {
  const file = await refusal(t, { "millrace.config.ts": configOf("./nowhere.ts") });
  assert.equal(file.code, "PROJECT_LOAD_FAILED");
  assert.match(file.message, /Cannot find module '\.\/nowhere\.ts'/);
  const name = await refusal(t, {
    "millrace.config.ts": configOf("./a.ts"),
    "a.ts": '\nimport { nothing } from "./b.ts";\nexport const a = nothing;\n',
    "b.ts": "export const b = 1;\n",
  });
  assert.match(name.message, /does not provide an export named 'nothing'/);
  assert.equal(name.place, "./a.ts:2");
});

test("a place may lie in a folder whose name has spaces, parentheses and signs", async (t) => {
  const { place } = await refusal(
    t,
    { "millrace.config.ts": configOf("./a.ts"), "a.ts": '\nthrow new Error("x");\n' },
    "My Project (copy) 100% #1",
  );
  assert.equal(place, "./a.ts:2");
  const { problems } = await refusal(
    t,
    {
      "millrace.config.ts": configOf("./a.ts"),
      "a.ts": `${head}export const a = asset("", { columns: N, sql: sql\`x\` });`,
    },
    "My Project (copy) 100% #1",
  );
  assert.equal(problems[0]?.place, "./a.ts:4");
});

test("a config without a project as its default export says what to write", async (t) => {
  for (const text of ["export const project = 1;", "export default { name: 'x' };"]) {
    const { code, message, place } = await refusal(t, { "millrace.config.ts": text });
    assert.equal(code, "PROJECT_NOT_EXPORTED");
    assert.equal(message, "There is no default export made by defineProject");
    assert.equal(place, "./millrace.config.ts:?");
  }
});

test("10,000 assets load", async (t) => {
  const count = 10_000;
  const lines = Array.from({ length: count }, (_, index) => {
    const from = index === 0 ? "select 0 as n" : `select ${index} as n from \${a${Math.floor(index / 2)}}`;
    return `export const a${index} = asset("group_${index % 10}/a${index}", {
  columns: Row, group: "g${index % 10}", tags: { n: "${index}" }, checks: [check.unique("n")],
  sql: sql\`${from}\`,
});`;
  });
  const directory = projectFolder(t, {
    "millrace.config.ts": configOf("./assets.ts"),
    "assets.ts": `${head}const Row = z.object({ n: z.int(), name: z.string().nullable(), at: z.date() });\n${lines.join("\n")}`,
  });
  const started = performance.now();
  const { graph, codeVersionOf } = await loadProject(directory);
  const loaded = performance.now();
  assert.equal(graph.order.length, count);
  assert.equal(new Set(graph.order.map((asset) => codeVersionOf(asset))).size, count);
  t.diagnostic(
    `loaded in ${Math.round(loaded - started)} ms, code versions in ${Math.round(performance.now() - loaded)} ms`,
  );
});
