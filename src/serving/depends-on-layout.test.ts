import assert from "node:assert/strict";
import { test } from "node:test";
import { asset } from "../core/asset/asset.ts";
import { sql as tagged } from "../core/sql/sql.ts";
import type { SqlTree } from "../core/sql/sql-tree.ts";
import * as z from "zod";
import { dependsOnLayout } from "./depends-on-layout.ts";

const sql = tagged as unknown as (text: TemplateStringsArray, ...values: unknown[]) => SqlTree;
const table = asset("t", { columns: z.object({ x: z.int() }), sql: tagged`select 1 as x` });
const whole = { text: "", isCut: false };

test("what only filters and computes is the same however versions lie (N28)", () => {
  for (const statement of [
    sql`select * from ${table}`,
    sql`select x + 1 as grouped from ${table} where x > ${1} limit 10`,
    sql`SELECT sum(x) AS x FROM ${table}`,
  ]) {
    assert.equal(dependsOnLayout(whole, [statement, undefined]), false);
    assert.equal(dependsOnLayout({ ...whole, isCut: true }, [statement]), true);
  }
});

test("what groups, joins or sorts may come otherwise, and what code makes (N28)", () => {
  for (const statement of [
    sql`select x, count(*) from ${table} Group By x`,
    sql`select distinct x from ${table}`,
    sql`select * from ${table} order by x`,
    sql`select * from ${table} a, ${table} b`,
    sql`select * from (select * from ${table})`,
    sql`select row_number() over () from ${table}`,
    sql`select x from ${table} union all values (1)`,
  ]) {
    assert.equal(dependsOnLayout(whole, [statement]), true);
  }
  assert.equal(dependsOnLayout(whole, []), true);
});
