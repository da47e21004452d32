import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { suite, test, type TestContext } from "node:test";

const head = `import { graph, job, op } from "millrace";
import * as millrace from "millrace";
import * as z from "zod";
import { fetchPage, isWeekend, limit } from "./ops.ts";
import * as ops from "./ops.ts";
const isBig = op("is_big", { output: z.boolean(), run: () => true });
const clean = graph("clean", { graph: () => isBig() });
`;

/** Lints modules with the rule as a user has it; gives the lines it finds fault with, by what it says of them. */
function lint(t: TestContext, modules: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  // Where no .gitignore is above: linters pass over what git does not see.
  const directory = mkdtempSync(join(tmpdir(), "millrace-lint-"));
  t.after(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, "src"));
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(resolve("."), join(directory, "node_modules/millrace"), "dir");
  const config = {
    jsPlugins: ["millrace/lint"],
    categories: { correctness: "off" },
    rules: { "millrace/no-ref-condition": "error" },
  };
  writeFileSync(join(directory, ".oxlintrc.json"), JSON.stringify(config));
  for (const [name, text] of Object.entries(modules))
    writeFileSync(join(directory, "src", `${name}.ts`), head + text);
  const { stdout, stderr } = spawnSync(resolve("node_modules/.bin/oxlint"), ["--format=json", "src"], {
    cwd: directory,
    encoding: "utf8",
  });
  assert.ok(stdout.startsWith("{"), stdout + stderr);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; message: string; filename: string; labels: { span: { line: number } }[] }[];
  };
  const found = Object.fromEntries(Object.keys(modules).map((name): [string, string[]] => [name, []]));
  for (const { code, message, filename, labels } of diagnostics) {
    assert.equal(code, "millrace(no-ref-condition)", message);
    const name = filename.replace(/^.*\/|\.ts$/g, "");
    const line = (head + (modules[name] ?? "")).split("\n")[(labels[0]?.span.line ?? 0) - 1] ?? "";
    found[name]?.push(`${/compared/.test(message) ? "compared" : "condition"}: ${line.trim()}`);
  }
  return Object.fromEntries(Object.entries(found).map(([name, lines]) => [name, lines.toSorted()]));
}

/** Within the graph function of a job. */
const within = (...lines: readonly string[]): string => `
export const made = job("made", {
  config: z.object({ n: z.int(), flag: z.boolean(), list: z.array(z.int()) }),
  graph: ({ config, config: { flag }, map, when, match, firstOf, orElse, present }) => {
    const big = isBig();
    const { html, next: later } = fetchPage({ page: config.n });
${lines.map((line) => `    ${line}`).join("\n")}
  },
});
`;

suite("the lint rule no-ref-condition", () => {
  const wrong: Readonly<Record<string, readonly string[]>> = {
    "what the function is given": [
      "if (config.flag) isBig();",
      "while (flag) isBig();",
      "for (; config.list; ) isBig();",
    ],
    "what ops give": [
      "if (big) isBig();",
      "if (html) isBig();",
      "const a = later ? 1 : 2;",
      "do isBig(); while (big);",
    ],
    "calls in the condition": [
      "if (isBig()) clean();",
      "if (clean()) isBig();",
      "if (ops.fetchPage({ page: config.n })) isBig();",
    ],
    "what tools give": [
      "if (map([1], () => isBig())) isBig();",
      "const maybe = when(big, () => html);",
      "const b = maybe ?? 3;",
      "const c = orElse(maybe, 1) || 3;",
      "const d = present(html) && 3;",
    ],
    negations: [
      "if (!big) isBig();",
      "const e = !firstOf([big]);",
      "const f = Boolean(html);",
      "if (limit > 3 && big) isBig();",
    ],
    switches: ["switch (later) { default: isBig(); }"],
    comparisons: ["if (config.n === 3) isBig();", 'const g = "x" !== html;', "const h = later == null;"],
    "names of refs": [
      "const again = html;",
      "if (again as unknown) isBig();",
      "let i; if ((i = big)) isBig();",
    ],
    "items of maps": [
      "map(config.list, (item, index) => {",
      "if (item) isBig();",
      "return index ? 1 : 2;",
      "});",
    ],
    "inner functions": ["when(big, () => (flag ? isBig() : html));"],
  };
  const modules = Object.entries(wrong).map(
    ([, lines], index) => [`wrong${index}`, within(...lines)] as const,
  );
  const isFault = /\b(if|while|switch|for)\b.*|[?!]|&&|\|\||[=!]==? |Boolean/;

  test("finds each condition on a ref, and each comparison, once", (t) => {
    const found = lint(t, Object.fromEntries(modules));
    for (const [index, [name, lines]] of Object.entries(wrong).entries()) {
      const expected = lines
        .filter((line) => isFault.test(line))
        .map((line) => `${name === "comparisons" ? "compared" : "condition"}: ${line}`);
      assert.deepEqual(found[`wrong${index}`], expected.toSorted(), name);
    }
  });

  test("knows graph functions however they are written", (t) => {
    const ways = {
      method: 'export const a = job("a", { graph({ config }) {\nif (config) isBig();\n} });',
      whole:
        'export const a = graph("a", { graph: (tools) => {\nif (tools.input) isBig();\nif (tools.map([], () => 1)) isBig();\n} });',
      apart:
        'export const a = job("a", { graph: (tools) => { const { partition } = tools;\nif (partition.key) isBig();\n} });',
      namespace:
        'export const a = millrace.job("a", { graph: function ({ config }) {\nif (config) isBig();\n} });',
      renamed:
        'import { job as made } from "millrace";\nexport const a = made("a", { graph: ({ config: { n } }) => {\nif (n) isBig();\n} });',
    };
    for (const [name, lines] of Object.entries(lint(t, ways))) {
      assert.equal(lines.length, name === "whole" ? 2 : 1, `${name}: ${lines.join()}`);
      assert.ok(lines.every((line) => line.startsWith("condition: if ")));
    }
  });

  test("leaves alone what has a value", (t) => {
    const right = {
      values: within(
        "if (isWeekend()) isBig();",
        "if (limit > 3 || !limit) isBig();",
        "for (let at = 0; at < limit; at += 1) fetchPage({ page: at });",
        "for (const page of [1, 2]) if (page === 2) fetchPage({ page });",
        "const a = limit ?? 3;",
        "return { a, n: limit === 3 ? html : later };",
      ),
      elsewhere: `export const load = op("load", { config: z.object({ n: z.int() }), run: (_, { config }) => (config.n ? 1 : 2) });
export const other = build({ graph: ({ config }) => (config ? 1 : 2) });
function build({ graph }: { graph: (context: { config: number }) => number }): number { return graph({ config: 1 }); }
export const itself: unknown = itself ? 1 : 2;
`,
      helpers: `export const list = (config: number) => [1].map((item) => (item ? config : 1));`,
    };
    assert.deepEqual(lint(t, right), { values: [], elsewhere: [], helpers: [] });
  });
});
