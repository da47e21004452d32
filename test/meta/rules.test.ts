import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { visitSyntax, type SyntaxNode } from "./visit-syntax.ts";

/** The rules that are built; the page has them one to a row. */
const listed = [...readFileSync("docs/reference/rules.md", "utf8").matchAll(/^\| (N\d+) \|/gm)].map(
  ([, rule = ""]) => rule,
);

/** Files with tests, and what those of a contract share. */
const files = globSync(["{src,examples}/**/*.test.ts", "test/**/*.ts"], { exclude: ["**/node_modules/**"] });

interface Title {
  readonly place: string;
  readonly text: string;
}

const titles = files.flatMap(titlesIn);

function rulesOf({ text }: Title): string[] {
  return text.match(/\bN\d+\b/g) ?? [];
}

test("every rule of the reference is named by the tests that try to break it, in their titles", () => {
  assert.ok(listed.length > 30, `only ${listed.length} rules found`);
  assert.equal(new Set(listed).size, listed.length, "a rule has one row");
  const tested = new Set(titles.flatMap(rulesOf));
  assert.deepEqual(
    listed.filter((rule) => !tested.has(rule)),
    [],
  );
});

test("every rule that a test's title names stands in the reference", () => {
  const unknown = titles.flatMap((title) =>
    rulesOf(title)
      .filter((rule) => !listed.includes(rule))
      .map((rule) => `${title.place} names ${rule}`),
  );
  assert.deepEqual(unknown, []);
});

/** What `test`, `suite` and `describe` are called with first, as text; what is filled into a template is left out. */
function titlesIn(file: string): Title[] {
  const source = readFileSync(file, "utf8");
  const found: Title[] = [];
  visitSyntax(file, source, (node) => {
    if (node.type !== "CallExpression") return;
    const { type, name } = node["callee"] as SyntaxNode;
    if (type !== "Identifier" || !["test", "suite", "describe"].includes(String(name))) return;
    const [title] = node["arguments"] as SyntaxNode[];
    const text = title === undefined ? undefined : textOf(title);
    if (text === undefined) return;
    found.push({ place: `${file}:${source.slice(0, node.start).split("\n").length}`, text });
  });
  return found;
}

function textOf(node: SyntaxNode): string | undefined {
  if (node.type === "Literal") return String(node["value"]);
  if (node.type !== "TemplateLiteral") return undefined;
  return (node["quasis"] as { readonly value: { readonly cooked: string } }[])
    .map(({ value }) => value.cooked)
    .join("…");
}
