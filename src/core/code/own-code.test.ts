import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import { asset, externalAsset } from "../asset/asset.ts";
import { fileType } from "../asset/file-type.ts";
import { source } from "../asset/source.ts";
import { check } from "../check/check.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { partitions } from "../partition/partitions.ts";
import { sql, type Interpolation } from "../sql/sql.ts";
import { canonicalJson } from "../canonical-json.ts";
import { opDefinition } from "../op/op-definition.ts";
import { op } from "../op/op.ts";
import { ownAssetCode, ownEndpointCode, ownOpCode } from "./own-code.ts";

const N = z.object({ n: z.int() });
const months = partitions.monthly({ start: "2001-01" });
const other = asset("other", { columns: N, sql: sql`select 1` });
const text = (made: unknown, reaches = true): string =>
  canonicalJson(ownAssetCode(made as AssetDefinition, reaches));
const endpointText = (made: unknown, reaches = true): string =>
  canonicalJson(ownEndpointCode(made as EndpointDefinition, reaches));

test("a SQL asset is wholly told by its SQL and columns, without its module (N8)", () => {
  const made = (n: number): AssetDefinition =>
    asset("a", { columns: N, sql: sql`select n from ${other} where n > ${n}` }) as unknown as AssetDefinition;
  assert.equal(text(made(1)), text(made(1)));
  assert.equal(text(made(1)), text(made(1), false));
  assert.notEqual(text(made(1)), text(made(2)));
});

test("what does not change the data does not count (N8)", () => {
  const plain = asset("a", { columns: N, sql: sql`select 1` });
  const described = asset("another key", {
    columns: N,
    sql: sql`select 1`,
    description: "…",
    tags: { a: "b" },
    owners: ["team:data"],
    group: "g",
    metadata: { link: "x" },
    checks: [check.notNull("n")],
    retry: { max: 3 },
    timeout: "1s",
  });
  assert.equal(text(described), text(plain));
});

test("what changes the data counts: columns, partitioning, dependencies, kind, the source of an external asset (N8)", () => {
  const texts = [
    asset("a", { columns: N, sql: sql`select 1` }),
    asset("a", { columns: z.object({ m: z.int() }), sql: sql`select 1` }),
    asset("a", { columns: z.object({ n: z.int().min(3) }), sql: sql`select 1` }),
    asset("a", { columns: z.object({ n: z.int64().min(3n) }), sql: sql`select 1` }),
    asset("a", { columns: z.object({ n: z.int().nullable() }), sql: sql`select 1` }),
    asset("a", { columns: N, partitions: months, sql: sql`select 1` }),
    asset("a", { columns: N, deps: { other }, sql: sql`select 1` }),
    asset("a", { columns: N, deps: { renamed: other }, sql: sql`select 1` }),
    asset("a", { columns: N, run: () => [] }),
    asset("a", { value: N, run: () => ({ n: 1 }) }),
    asset("a", { file: fileType({ extension: "json" }), run: () => "" }),
    asset("a", { file: fileType({ extension: "txt" }), run: () => "" }),
    externalAsset("a", { columns: N, source: source.csv("a.csv") }),
    externalAsset("a", { columns: N, source: source.csv("a.csv", { header: false }) }),
    externalAsset("a", { columns: N, source: source.csv("b.csv") }),
    externalAsset("a", { columns: N, source: source.parquet("a.csv") }),
  ].map((made) => text(made));
  assert.equal(new Set(texts).size, texts.length);
});

test("more partitions of the same kind are no other code", () => {
  const longer = partitions.monthly({ start: "2000-01", end: "2010-01" });
  assert.equal(
    text(asset("a", { columns: N, partitions: longer, sql: sql`select 1` })),
    text(asset("a", { columns: N, partitions: months, sql: sql`select 1` })),
  );
});

test("values that are bound differently are told apart", () => {
  const values: Interpolation[] = [
    0,
    1n,
    1,
    "1",
    "1n",
    true,
    "true",
    null,
    "null",
    [1],
    "[1]",
    [[1]],
    ["1"],
    [1n],
    [],
    new Date(0),
    "1970-01-01T00:00:00.000Z",
    new Uint8Array([1]),
    new Uint8Array([2]),
    sql.id("n"),
    sql`n`,
    sql`"n"`,
    months.start,
    months.end,
    months.key,
    other,
    sql`other`,
  ];
  const texts = values.map((value) => text(asset("a", { columns: N, sql: sql`select ${value}` })));
  assert.equal(new Set(texts).size, values.length);
});

test("a TypeScript asset is not told by its own text besides its module: a comment in it is a comment there", () => {
  const one = asset("a", { columns: N, run: () => [/* one */] });
  const two = asset("a", { columns: N, run: () => [/* two */] });
  assert.equal(text(one), text(two));
});

test("where the module is not known, by its own text", () => {
  const one = asset("a", { columns: N, run: () => [{ n: 1 }] });
  const two = asset("a", { columns: N, run: () => [{ n: 2 }] });
  assert.notEqual(text(one, false), text(two, false));
});

test("a code version that the author gives is all there is (N8)", () => {
  const one = asset("a", { columns: N, codeVersion: "1", run: () => [{ n: 1 }] });
  const two = asset("a", { columns: z.object({ m: z.int() }), codeVersion: "1", sql: sql`select 2` });
  assert.equal(text(one), text(two, false));
  assert.notEqual(text(one), text(asset("a", { columns: N, codeVersion: "2", run: () => [] })));
  assert.notEqual(
    endpointText(endpoint("GET /x", { codeVersion: "1", handler: () => 1 })),
    endpointText(endpoint("GET /x", { handler: () => 1 })),
  );
});

test("an endpoint is told by its route, what it reads, and where its module is not known by its own text", () => {
  const texts = [
    endpoint("GET /x", { handler: () => 1 }),
    endpoint("GET /y", { handler: () => 1 }),
    endpoint("GET /x", { reads: { other }, handler: () => 1 }),
    endpoint("GET /x", { reads: { renamed: other }, handler: () => 1 }),
  ].map((made) => endpointText(made));
  assert.equal(new Set(texts).size, texts.length);
  const one = endpoint("GET /x", { description: "…", name: "x", tags: ["t"], handler: () => 1 });
  assert.equal(endpointText(one), texts[0]);
  const handler = endpoint("GET /x", { handler: () => 2 });
  assert.notEqual(endpointText(handler, false), endpointText(one, false));
});

test("of an op what it reads counts, and its function's own text where no module tells the rest (N8)", () => {
  const code = (options: object, reaches = false): string => {
    const made = op("a", { run: () => undefined, ...options });
    return canonicalJson(ownOpCode(opDefinition(made) ?? assert.fail(), reaches));
  };
  const plain = code({});
  const labels = { description: "…", tags: { a: "b" }, retry: { max: 3 }, timeout: "1s" };
  assert.equal(code(labels), plain);
  assert.notEqual(code({ run: () => 1 }), plain);
  assert.equal(code({ run: () => 1 }, true), code({}, true));
  assert.notEqual(code({ deps: { other } }), plain);
  assert.equal(code({ deps: { other }, codeVersion: "1" }), code({ run: () => 1, codeVersion: "1" }));
});
