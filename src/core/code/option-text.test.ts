import assert from "node:assert/strict";
import { test } from "node:test";
import { asset } from "../asset/asset.ts";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import * as z from "zod";
import { partitions } from "../partition/partitions.ts";
import { sql } from "../sql/sql.ts";
import { optionText } from "./option-text.ts";
import { ownAssetCode } from "./own-code.ts";

test("SQL reads as it was written, with what was interpolated in its place", () => {
  const N = z.object({ n: z.int() });
  const months = partitions.monthly({ start: "2001-01" });
  const other = asset("other", { columns: N, partitions: months, sql: sql`select 1` });
  const made = asset("made", {
    columns: N,
    partitions: months,
    sql: sql`
      select ${sql.id("n")} from ${other}
      where n > ${5} and name = ${"x"} and at >= ${months.start}`,
  });
  const { sql: parts } = ownAssetCode(made as unknown as AssetDefinition, true);
  assert.equal(
    optionText("sql", parts),
    `select "n" from other
      where n > 5 and name = "x" and at >= :partition_start`,
  );
});

test("other options are JSON in lines, and what is not there is nothing", () => {
  assert.equal(optionText("columns", [{ name: "n" }]), '[\n {\n  "name": "n"\n }\n]');
  assert.equal(optionText("given", "2"), "2");
  assert.equal(optionText("given", undefined), "");
});
