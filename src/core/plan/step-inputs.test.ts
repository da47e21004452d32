import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import { asset, externalAsset } from "../asset/asset.ts";
import { source } from "../asset/source.ts";
import { CatalogView } from "../catalog/catalog-view.ts";
import type { VersionRecord } from "../catalog/version.ts";
import { partitions } from "../partition/partitions.ts";
import { rangeOf, wholeRange, type PartitionRange } from "../partition/range.ts";
import { PartitionSpace } from "../partition/space.ts";
import { sql } from "../sql/sql.ts";
import type { KnownAsset } from "./known-asset.ts";
import { missingOf, stepInputs, versionInput } from "./step-inputs.ts";

const N = z.object({ n: z.int() });
const regions = partitions.static(["eu", "us", "asia"]);
const raw = externalAsset("raw", { columns: N, source: source.csv("x.csv") });
const plain = asset("plain", { columns: N, sql: sql`from ${raw}` });
const regional = asset("regional", { columns: N, partitions: regions, sql: sql`from ${plain}` });
const next = asset("next", {
  columns: N,
  partitions: regions,
  deps: { mine: regional, plain },
  sql: sql`select 1`,
});
const total = asset("total", { columns: N, deps: { regional, raw }, sql: sql`select 1` });

const definition = (made: unknown): AssetDefinition => made as AssetDefinition;
// State gave "us" another ordinal than its place in the list, because the list was once another.
const ordinals = new Map([
  ["eu", 0],
  ["us", 4],
  ["asia", 1],
]);
const known = new Map<string, KnownAsset>(
  [raw, plain, regional, next, total].map((made, index) => {
    const { key, partitions: space } = definition(made);
    const named = space.kind === "static" ? new PartitionSpace(space, ordinals) : new PartitionSpace(space);
    return [key, { assetId: index + 1, spaceId: 1, space: named }];
  }),
);
const assetId = (made: { readonly key: string }): number => known.get(made.key)?.assetId ?? -1;
const inputsOf = (made: unknown, range: PartitionRange): readonly (readonly unknown[])[] =>
  stepInputs(definition(made), range, known, 0).map((input) => [
    input.name,
    input.asset.key,
    input.all,
    input.ranges,
  ]);
const version = (
  made: { readonly key: string },
  range: PartitionRange,
  dataVersion: string,
): VersionRecord => ({
  id: `${made.key} ${range.from}`,
  assetId: assetId(made),
  spaceId: 1,
  range,
  state: "published",
  runId: "r",
  step: "s",
  kind: "table",
  createdAt: 0,
  dataVersion,
});
const viewOf = (...versions: readonly VersionRecord[]): CatalogView => {
  const view = new CatalogView(7, []);
  for (const each of versions) view.stage(each);
  return view;
};

test("assets partitioned alike read the same partition, others all of it (N24)", () => {
  assert.deepEqual(inputsOf(next, rangeOf(4)), [
    ["mine", "regional", false, [rangeOf(4)]],
    ["plain", "plain", false, [wholeRange]],
  ]);
  const all = [{ slice: "", from: 0, to: 2 }, rangeOf(4)];
  assert.deepEqual(inputsOf(total, wholeRange), [
    ["regional", "regional", true, all],
    ["raw", "raw", false, [wholeRange]],
  ]);
});

test("what is missing is what no version holds", () => {
  const [input] = stepInputs(definition(total), wholeRange, known, 0);
  assert.ok(input);
  const missing = (...versions: readonly VersionRecord[]): readonly number[] => [
    ...missingOf(input, viewOf(...versions), { assetId: assetId(regional), spaceId: 1 }).ordinals(),
  ];
  assert.deepEqual(missing(), [0, 1, 4]);
  assert.deepEqual(missing(version(regional, rangeOf(1), "a")), [0, 4]);
  assert.deepEqual(missing(version(regional, { slice: "", from: 0, to: 9 }, "a")), []);
  assert.deepEqual(missing(version(plain, { slice: "", from: 0, to: 9 }, "a")), [0, 1, 4]);
});

const recorded = (made: unknown, name: string, view: CatalogView, observed?: string) => {
  const input = stepInputs(definition(made), wholeRange, known, 0).find((each) => each.name === name);
  assert.ok(input);
  return versionInput(input, view, known.get(input.asset.key) ?? assert.fail(), observed);
};

test("a version records what it read: ranges, snapshot and the data version of all of it (N5)", () => {
  const eu = version(regional, rangeOf(0), "1");
  const us = version(regional, rangeOf(4), "2");
  const input = recorded(total, "regional", viewOf(eu, us));
  assert.deepEqual(input?.ranges, [{ slice: "", from: 0, to: 2 }, rangeOf(4)]);
  assert.equal(input.snapshot, 7);
  assert.equal(recorded(total, "regional", viewOf(us, eu))?.dataVersion, input.dataVersion);
  const changed = viewOf(eu, version(regional, rangeOf(4), "3"));
  assert.notEqual(recorded(total, "regional", changed)?.dataVersion, input.dataVersion);
  assert.notEqual(recorded(total, "regional", viewOf(eu))?.dataVersion, input.dataVersion);
});

test("a partition that the step does not read makes no difference", () => {
  const eu = version(regional, rangeOf(0), "1");
  const retired = version(regional, rangeOf(3), "9");
  assert.equal(
    recorded(total, "regional", viewOf(eu, retired))?.dataVersion,
    recorded(total, "regional", viewOf(eu))?.dataVersion,
  );
});

test("an unpartitioned input has no ranges, and what was never made is no input", () => {
  const input = recorded(next, "plain", viewOf(version(plain, wholeRange, "1")));
  assert.equal(input?.asset, "plain");
  assert.equal("ranges" in input, false);
  assert.equal(recorded(next, "plain", viewOf()), undefined);
});

test("an external input is what was last observed of it", () => {
  assert.deepEqual(recorded(total, "raw", viewOf(), "sha256:1"), {
    asset: "raw",
    snapshot: 7,
    dataVersion: "sha256:1",
  });
  assert.equal(recorded(total, "raw", viewOf(version(raw, wholeRange, "never read"))), undefined);
});
