import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { DefinitionSite } from "./definition-site.ts";

/** A builder that users call. */
const build = (): DefinitionSite => DefinitionSite.above(build);

/** A site as it would be, had the engine written this frame. */
function siteOf(frame: string): DefinitionSite {
  const engine = mock.method(Error, "captureStackTrace", (target: { stack?: string }) => {
    target.stack = `Error\n    at ${frame}`;
  });
  try {
    return build();
  } finally {
    engine.mock.restore();
  }
}

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

test("a path may hold spaces, parentheses, hashes, per cent signs and letters beyond ASCII", () => {
  const folder = "/home/x/My%20Project%20(copy)/%C3%A4%23%25";
  const expected = { file: "/home/x/My Project (copy)/ä#%/assets.ts", line: 12 };
  assert.deepEqual(siteOf(`file://${folder}/assets.ts:12:5`).place, expected);
  assert.deepEqual(siteOf(`Object.<anonymous> (file://${folder}/assets.ts:12:5)`).place, expected);
  assert.deepEqual(siteOf(`async made (file://${folder}/assets.ts?v=3:12:5)`).place, expected);
});

test("a plain path is taken as it is", () => {
  assert.deepEqual(siteOf("Object.<anonymous> (/home/x/100%/my (copy)/a.cjs:3:1)").place, {
    file: "/home/x/100%/my (copy)/a.cjs",
    line: 3,
  });
  assert.equal(siteOf("Object.<anonymous> (C:\\my project\\a.cjs:3:1)").place.file, "C:\\my project\\a.cjs");
  assert.equal(siteOf("node:internal/main:3:1").place.file, "node:internal/main");
});

test("without a frame there is no place, and it says so", () => {
  assert.deepEqual(siteOf("<anonymous>").place, {});
  assert.equal(String(siteOf("<anonymous>")), "an unknown place");
});

test("looking for the caller leaves the depth of other stack traces alone", () => {
  const before = Error.stackTraceLimit;
  build();
  assert.equal(Error.stackTraceLimit, before);
});
