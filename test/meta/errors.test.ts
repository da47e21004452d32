import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { errorsPage, renderErrors } from "../../scripts/errors-reference.ts";
import { MillraceError, type ErrorCode } from "../../src/core/errors.ts";
import { errorTable } from "../../src/core/errors/error-table.ts";
import { visitSyntax, type SyntaxNode } from "./visit-syntax.ts";

const codes = Object.keys(errorTable) as ErrorCode[];
const placeholders = (code: ErrorCode): string[] => {
  const { message, fix } = errorTable[code];
  return [...`${message} ${fix}`.matchAll(/\{(\w+)(?::\d+)?\}/g)].map(([, name = ""]) => name);
};

test("the reference page is the table (npm run errors:update after an intended change)", () => {
  assert.equal(readFileSync(errorsPage, "utf8"), renderErrors());
});

test("the page has every code, once", () => {
  const listed = [...renderErrors().matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
  assert.deepEqual(new Set(listed), new Set(codes));
  assert.equal(listed.length, codes.length);
});

test("every error says what happened and what to do, in sentences, with a status", () => {
  for (const code of codes) {
    const { message, status, fix } = errorTable[code];
    assert.match(fix, /^[A-Z{:].*[.:>]$|^millrace .*\.$|^\/api.*\.$/, `${code}: ${fix}`);
    assert.match(message, /^[A-Z{s]/, `${code}: ${message}`);
    assert.doesNotMatch(message, /\.$/, code);
    assert.ok(status >= 400 && status < 600, code);
  }
});

test("a message is filled in by its details, and so is what to do", () => {
  const error = new MillraceError("PARTITION_UNKNOWN", {
    partition: "2001-13",
    key: "flights",
    known: "a..b",
  });
  assert.equal(error.message, "2001-13 is no partition of flights");
  assert.equal(error.fix, "Its partitions are a..b.");
  assert.deepEqual([error.status, error.retryable, error.name], [400, false, "MillraceError"]);
  assert.equal(
    new MillraceError("RUN_CLAIMED", { step: "$&", run: "{step}" }).message,
    "$& is being written by run {step}",
  );
  const run = "1a2b3c4d-0000-4000-8000-000000000000";
  assert.equal(
    new MillraceError("RUN_CLAIMED", { step: "orders", run }).message,
    "orders is being written by run 1a2b3c4d",
    "an id by its first letters, as people are shown it elsewhere",
  );
});

test("every place that makes an error gives all the details that its sentences name", () => {
  const made = globSync("src/**/*.ts", { exclude: ["**/*.test.ts"] }).flatMap(errorsMadeIn);
  assert.ok(made.length > 80, `only ${made.length} places found`);
  const lacking = made.flatMap(({ place, code, given }) => {
    if (!codes.includes(code)) return [`${place}: there is no ${code}`];
    const lacks = placeholders(code).filter((name) => !given.has(name));
    return lacks.length === 0 ? [] : [`${place}: ${code} lacks ${[...new Set(lacks)].join(", ")}`];
  });
  assert.deepEqual(lacking, []);
});

test("every row of the table is an error that some code reports", () => {
  const text = globSync("src/**/*.ts", { exclude: ["**/*.test.ts", "src/core/errors/**"] })
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  assert.deepEqual(
    codes.filter((code) => !text.includes(`"${code}"`)),
    [],
  );
});

interface MadeError {
  readonly place: string;
  readonly code: ErrorCode;
  readonly given: ReadonlySet<string>;
}

/** `new MillraceError("CODE", { … })`, also where the details are a const before it. Spread details are not followed. */
function errorsMadeIn(file: string): MadeError[] {
  const source = readFileSync(file, "utf8");
  const constants = new Map<string, SyntaxNode>();
  const made: MadeError[] = [];
  visitSyntax(file, source, (node) => {
    if (node.type === "VariableDeclarator") {
      const { id, init } = node as unknown as { id: SyntaxNode; init: SyntaxNode | null };
      if (typeof id["name"] === "string" && init?.type === "ObjectExpression")
        constants.set(id["name"], init);
    }
    if (node.type !== "NewExpression" || (node["callee"] as SyntaxNode)["name"] !== "MillraceError") return;
    const [code, details] = node["arguments"] as SyntaxNode[];
    if (code?.type !== "Literal") return;
    const object = details?.type === "Identifier" ? constants.get(String(details["name"])) : details;
    if (details !== undefined && object?.type !== "ObjectExpression") return;
    const properties = (object?.["properties"] ?? []) as SyntaxNode[];
    if (properties.some(({ type }) => type === "SpreadElement")) return;
    const given = properties.map(({ key }) =>
      String((key as SyntaxNode)["name"] ?? (key as SyntaxNode)["value"]),
    );
    const line = source.slice(0, node.start).split("\n").length;
    made.push({ place: `${file}:${line}`, code: code["value"] as ErrorCode, given: new Set(given) });
  });
  return made;
}
