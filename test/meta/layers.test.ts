import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { layers } from "../../layers.ts";
import { checkLayers } from "../../scripts/layers/check.ts";

// The canary: a checker that reports nothing looks just like a clean tree, so each rule is shown to bite.

const problemsOf = (sources: Record<string, string>) => checkLayers(new Map(Object.entries(sources)));

const breaks = (sources: Record<string, string>, expected: RegExp) => {
  const problems = problemsOf(sources);
  assert.equal(problems.length, 1, `expected one problem, found: ${JSON.stringify(problems)}`);
  assert.match(problems[0] ?? "", expected);
};

test("a file that obeys the layers is no problem", () => {
  const problems = problemsOf({
    "src/core/a.ts": 'import { z } from "zod"; import { b } from "./b.ts";',
    "src/core/a.test.ts":
      'import { test } from "node:test"; import fc from "fast-check"; import { a } from "./a.ts";',
    "src/storage/s.ts":
      'import { x } from "node:fs"; import { p } from "../ports/p.ts"; import { a } from "../core/a.ts";',
    "src/control/c.ts": 'import { problem } from "../http/problem.ts";',
    "src/app/app.ts": 'import { s } from "../storage/s.ts";',
    "src/index.ts": 'export { a } from "./core/a.ts"; export type { P } from "./ports/p.ts";',
    "examples/flights/src/a.ts": 'import { asset } from "millrace"; import { b } from "./b.ts";',
  });
  assert.deepEqual(problems, []);
});

test("the core imports nothing outward, not even a type, not even late", () => {
  breaks(
    { "src/core/a.ts": 'import { s } from "../storage/s.ts";' },
    /a\.ts:1 .*core may not import storage/,
  );
  breaks(
    { "src/core/a.ts": '\nimport type { S } from "../storage/s.ts";' },
    /a\.ts:2 .*core may not import storage/,
  );
  breaks({ "src/core/a.ts": 'export type { S } from "../ports/s.ts";' }, /core may not import ports/);
  breaks({ "src/core/a.ts": 'export * from "../ports/s.ts";' }, /core may not import ports/);
  breaks({ "src/core/a.ts": 'type S = import("../storage/s.ts").S;' }, /core may not import storage/);
  breaks({ "src/core/a.ts": 'const s = await import("../storage/s.ts");' }, /core may not import storage/);
  breaks({ "src/core/a.test.ts": 'import { s } from "../storage/s.ts";' }, /core may not import storage/);
});

test("the core imports no package but zod and nothing of Node", () => {
  breaks({ "src/core/a.ts": 'import { readFileSync } from "node:fs";' }, /may not touch what Node gives/);
  breaks({ "src/core/a.ts": 'import { readFileSync } from "fs";' }, /may not touch what Node gives/);
  breaks({ "src/core/a.ts": 'import pg from "pg";' }, /no package but zod/);
});

test("neighbours do not import each other, and nobody imports who builds on him", () => {
  breaks({ "src/storage/a.ts": 'import { e } from "../engine/e.ts";' }, /storage may not import engine/);
  breaks({ "src/serving/a.ts": 'import { c } from "../control/c.ts";' }, /serving may not import control/);
  breaks({ "src/serving/a.ts": 'import { t } from "../tables/t.ts";' }, /serving may not import tables/);
  breaks({ "src/cli/a.ts": 'import { s } from "../storage/s.ts";' }, /cli may not import storage/);
  breaks({ "src/control/a.ts": 'import { app } from "../app/app.ts";' }, /control may not import app/);
});

test("the entry runs the core alone, and nobody inside goes through it", () => {
  breaks({ "src/index.ts": 'export { p } from "./ports/p.ts";' }, /src\/index\.ts may not import ports/);
  breaks({ "src/app/a.ts": 'import { asset } from "../index.ts";' }, /app may not import src\/index\.ts/);
  breaks({ "src/testing/a.ts": 'import { asset } from "millrace";' }, /import each other by path/);
});

test("a folder that layers.ts does not name is a problem", () => {
  breaks({ "src/misc/a.ts": 'import { z } from "zod";' }, /belongs to no layer/);
});

test("an example does not reach into the sources", () => {
  breaks(
    { "examples/flights/a.ts": 'import { a } from "../../src/core/a.ts";' },
    /an example imports only its own/,
  );
});

test("a circle at run time is a problem; one closed by a type or a late import is none", () => {
  const other = {
    "src/core/b.ts": 'import { c } from "./c.ts";',
    "src/core/c.ts": 'import { a } from "./a.ts";',
  };
  breaks(
    { "src/core/a.ts": 'import { b } from "./b.ts";', ...other },
    /cycle at run time: .*a\.ts -> .*b\.ts -> .*c\.ts/,
  );
  // Type stripping leaves `import {} from "./b.ts"` of this one, so it still runs the module.
  breaks({ "src/core/a.ts": 'import { type B } from "./b.ts";', ...other }, /cycle at run time/);
  assert.deepEqual(problemsOf({ "src/core/a.ts": 'import type { B } from "./b.ts";', ...other }), []);
  assert.deepEqual(problemsOf({ "src/core/a.ts": 'const b = await import("./b.ts");', ...other }), []);
});

test("src holds the layers and the entry, and nothing else", () => {
  const found = readdirSync("src");
  assert.deepEqual(
    found.filter((name) => !(name in layers) && name !== "index.ts"),
    [],
  );
});
