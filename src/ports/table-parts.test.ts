import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoredRows } from "../core/catalog/stored-rows.ts";
import type { VersionRecord } from "../core/catalog/version.ts";
import { layoutOf, tableParts } from "./table-parts.ts";

const store = { path: (file: string) => `/data/${file}` };

function version(id: string, files: readonly StoredRows[], bytes?: number): VersionRecord {
  return {
    id,
    assetId: 1,
    spaceId: 1,
    range: { slice: "", from: 0, to: 1 },
    state: "published",
    runId: "r",
    step: "s",
    kind: "table",
    createdAt: 0,
    location: { store: "here", files },
    ...(bytes === undefined ? {} : { bytes }),
  };
}

function rows(from: number, to: number, file = "pack"): StoredRows {
  return { file, from, to, bytes: to - from, pack: { rows: 10, bytes: 100 } };
}

function told(...files: readonly (readonly StoredRows[])[]): string[] {
  const parts = files.map((each, index) => ({ version: version(`v${index}`, each) }));
  return tableParts({ parts, columns: [] }, store).map((part) =>
    part.part === "rows"
      ? `${part.file} ${part.from}-${part.to} of ${part.of?.version}`
      : part.part === "files"
        ? `${part.files.join("+")} of ${part.of?.version}`
        : part.part,
  );
}

test("a pack of which all versions are wanted is read as one whole file (N1)", () => {
  assert.deepEqual(told([rows(0, 4)], [rows(4, 4)], [rows(4, 10)]), ["/data/pack of v0"]);
});

test("of a pack that is wanted in part, neighbours are read as one, in the order of the versions (N1)", () => {
  assert.deepEqual(told([rows(0, 2)], [rows(2, 4)], ["new"], [rows(6, 8)], [rows(8, 10)]), [
    "/data/pack 0-4 of v0",
    "/data/new of v2",
    "/data/pack 6-10 of v3",
  ]);
  assert.deepEqual(told([rows(4, 10)], [rows(0, 4)]), ["/data/pack 4-10 of v0", "/data/pack 0-4 of v1"]);
  assert.deepEqual(told([rows(0, 4)], [rows(4, 10, "other")]), [
    "/data/pack 0-4 of v0",
    "/data/other 4-10 of v1",
  ]);
});

test("a version may have whole files and rows of packs, and its files are as long as what is not packed (N1)", () => {
  assert.deepEqual(told(["a", "b", rows(0, 10), "c"]), [
    "/data/a+/data/b of v0",
    "/data/pack of v0",
    "/data/c of v0",
  ]);
  const [packed, files] = tableParts(
    { parts: [{ version: version("v", [rows(0, 4), "a", "b"], 30) }], columns: [] },
    store,
  );
  assert.deepEqual(packed?.part === "rows" && packed.of?.bytes, 100);
  assert.deepEqual(files?.part === "files" && files.of?.bytes, 26);
});

test("a layout is told only where something was packed, is equal for equal ones, and says where packs are cut (N28)", () => {
  const layout = (...files: readonly (readonly StoredRows[])[]) =>
    layoutOf({ parts: files.map((each, index) => ({ version: version(`v${index}`, each) })), columns: [] });
  assert.equal(layout(["a"], ["b"]), undefined);
  const whole = layout([rows(0, 5)], [rows(5, 10)], ["b"]);
  assert.equal(whole?.isCut, false);
  assert.notEqual(whole.text, layout([rows(0, 10)])?.text);
  const cut = layout([rows(0, 5)], ["b"]);
  assert.equal(cut?.isCut, true);
  assert.notEqual(cut.text, layout([rows(5, 10)], ["b"])?.text);
  assert.equal(cut.text, layout([rows(0, 3)], [rows(3, 5)], ["b"])?.text);
});
