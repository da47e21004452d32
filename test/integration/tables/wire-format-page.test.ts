import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { wireFormatPage } from "../../../src/core/column/wire-format-page.ts";

const page = new URL("../../../docs/reference/wire-format.md", import.meta.url);

test("the reference page of the wire format says what the code says (UPDATE_PAGES=1 writes it)", async () => {
  if (process.env["UPDATE_PAGES"] === "1") await writeFile(page, wireFormatPage());
  assert.equal(await readFile(page, "utf8"), wireFormatPage());
});
