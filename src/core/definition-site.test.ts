import assert from "node:assert/strict";
import { test } from "node:test";
import { DefinitionSite, placesIn } from "./definition-site.ts";

/** A builder that users call. */
const build = (): DefinitionSite => DefinitionSite.above(build);

test("the site is the file and line where the builder was called", () => {
  const here = new Error("here").stack ?? "";
  const site = build();
  const [, line] = /definition-site\.test\.ts:(\d+)/.exec(here) ?? [];
  assert.deepEqual(site.place, { file: import.meta.filename, line: Number(line) + 1 });
  assert.equal(String(site), `${import.meta.filename}:${Number(line) + 1}`);
});

test("a factory is the place of what it makes: the line that calls the builder", () => {
  const factory = (): DefinitionSite => build();
  assert.equal(factory().place.line, factory().place.line);
  assert.notEqual(factory().place.line, build().place.line);
});

test("the files of a definition are those of its factories as well, and of nobody else", () => {
  const factory = (): DefinitionSite => build();
  assert.deepEqual(factory().files, [import.meta.filename]);
  // Without Node's own frames, which lie below every test.
  assert.equal(
    factory().files.some((file) => file.startsWith("node:")),
    false,
  );
});

test("a site is read twice, and other traces are texts as before", () => {
  const site = build();
  assert.deepEqual(site.place, site.place);
  assert.equal(typeof new Error("x").stack, "string");
});

const where = (frame: string): unknown => placesIn(`Error: x\n    at ${frame}`)[0];

test("a path may hold spaces, parentheses, hashes, per cent signs and letters beyond ASCII", () => {
  const folder = "/home/x/My%20Project%20(copy)/%C3%A4%23%25";
  const expected = { file: "/home/x/My Project (copy)/ä#%/assets.ts", line: 12 };
  assert.deepEqual(where(`file://${folder}/assets.ts:12:5`), expected);
  assert.deepEqual(where(`Object.<anonymous> (file://${folder}/assets.ts:12:5)`), expected);
  assert.deepEqual(where(`async made (file://${folder}/assets.ts?v=3:12:5)`), expected);
  assert.deepEqual(placesIn(`file://${folder}/assets.ts:12\nconst a = = 1;\n\nSyntaxError: x`), [expected]);
});

test("a plain path is taken as it is", () => {
  const expected = { file: "/home/x/100%/my (copy)/a.cjs", line: 3 };
  assert.deepEqual(where("Object.<anonymous> (/home/x/100%/my (copy)/a.cjs:3:1)"), expected);
  assert.deepEqual(where("f (C:\\my project\\a.cjs:3:1)"), { file: "C:\\my project\\a.cjs", line: 3 });
  assert.deepEqual(where("node:internal/main:3:1"), { file: "node:internal/main", line: 3 });
});

test("a trace without frames names no place", () => {
  assert.deepEqual(placesIn("Error: at noon\n    at <anonymous>\n    at native"), []);
});

test("looking for the caller leaves the depth of other stack traces alone", () => {
  const before = Error.stackTraceLimit;
  build();
  assert.equal(Error.stackTraceLimit, before);
});
