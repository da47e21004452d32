import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { codeChanges, describeCodeChanges } from "./code-change.ts";
import type { CodeManifest } from "./code-manifest.ts";

const before: CodeManifest = {
  own: { kind: "table", columns: [{ name: "n" }], given: undefined },
  reached: { files: { "a.ts": "1", "b.ts": "2" }, packages: { zod: "4.1.0", gone: "1.0.0" } },
};

test("files, packages and options that differ are named, with both sides (N8)", () => {
  const after: CodeManifest = {
    own: { kind: "table", columns: [{ name: "m" }] },
    reached: { files: { "a.ts": "9", "c.ts": "3" }, packages: { zod: "4.2.0", fresh: "2.0.0" } },
  };
  assert.deepEqual(codeChanges(before, after), [
    { change: "option", option: "columns", before: [{ name: "n" }], after: [{ name: "m" }] },
    { change: "file", file: "a.ts", before: "1", after: "9" },
    { change: "file", file: "b.ts", before: "2", after: undefined },
    { change: "file", file: "c.ts", before: undefined, after: "3" },
    { change: "package", package: "fresh", before: undefined, after: "2.0.0" },
    { change: "package", package: "gone", before: "1.0.0", after: undefined },
    { change: "package", package: "zod", before: "4.1.0", after: "4.2.0" },
  ]);
  assert.equal(
    describeCodeChanges(codeChanges(before, after)),
    "columns, a.ts, no longer b.ts, now c.ts, now fresh 2.0.0 and 2 more",
  );
});

test("a function that becomes SQL, or a given code version, differs in what it was", () => {
  assert.deepEqual(codeChanges({ own: { given: "1" } }, { own: { given: "2" } }), [
    { change: "option", option: "given", before: "1", after: "2" },
  ]);
  assert.equal(
    describeCodeChanges(codeChanges({ own: { sql: [["text", "select 1"]] } }, { own: { sql: [] } })),
    "its SQL",
  );
  const fromFiles = codeChanges({ own: {}, reached: { files: { "a.ts": "1" }, packages: {} } }, { own: {} });
  assert.equal(describeCodeChanges(fromFiles), "no longer a.ts");
});

test("equal manifests differ in nothing, and what differs one way differs the other way", () => {
  const names = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2"));
  const manifests = fc.record({ own: names, reached: fc.record({ files: names, packages: names }) });
  fc.assert(
    fc.property(manifests, manifests, (one, other) => {
      assert.deepEqual(codeChanges(one, structuredClone(one)), []);
      const there = codeChanges(one, other);
      const back = codeChanges(other, one).map((change) => ({
        ...change,
        before: change.after,
        after: change.before,
      }));
      assert.deepEqual(back, there);
    }),
  );
});
