import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import { asset } from "../asset/asset.ts";
import { CatalogView } from "../catalog/catalog-view.ts";
import { Holds } from "../catalog/holds.ts";
import type { VersionRecord } from "../catalog/version.ts";
import { partitions } from "../partition/partitions.ts";
import type { PartitionRange } from "../partition/range.ts";
import { RangeSet } from "../partition/range-set.ts";
import { PartitionSpace } from "../partition/space.ts";
import { ProjectGraph } from "../project/project-graph.ts";
import { sql } from "../sql/sql.ts";
import { expandPlan } from "./expand-plan.ts";
import { explainPlan } from "./explain-plan.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";
import { outlinePlan } from "./outline-plan.ts";
import { countSteps } from "./plan-outline.ts";
import type { PlanRequest } from "./plan-request.ts";
import { stepInputs, versionInput } from "./step-inputs.ts";

const N = z.object({ n: z.int() });
// Three million days and more: from year 0 to the end of time as calendars write it.
const days = partitions.daily({ start: "0000-01-01", end: "9999-12-31" });
const raw = asset("raw", { columns: N, partitions: days, sql: sql`select 1 as n` });
const clean = asset("clean", { columns: N, partitions: days, sql: sql`from ${raw}` });
const report = asset("report", { columns: N, sql: sql`from ${clean}` });
const graph = new ProjectGraph({ assets: [raw, clean, report] as unknown as AssetDefinition[] });
const known: ReadonlyMap<string, KnownAsset> = new Map(
  graph.order.map(({ key, partitions: definition }, index) => [
    key,
    { assetId: index + 1, spaceId: 1, space: new PartitionSpace(definition) },
  ]),
);
const place = (key: string): KnownAsset => known.get(key) ?? assert.fail();
const { from: start, to: end } = place("raw").space.ranges(0).ranges[0] ?? assert.fail();
const everything = { slice: "", from: start, to: end };
const some = (from: number, to: number): PartitionRange => ({
  slice: "",
  from: start + from,
  to: start + to,
});

/** A version over a range of partitions, made from what the view has. */
function made(key: string, range: PartitionRange, dataVersion: string, view: CatalogView): VersionRecord {
  const definition = graph.byKey.get(key) ?? assert.fail();
  const { assetId, spaceId } = place(key);
  const inputs = stepInputs(definition.computation, range, known, 0).flatMap(
    (input) => versionInput(input, view, knownAsset(known, input.asset), undefined) ?? [],
  );
  return {
    id: `${key} ${range.from} ${dataVersion}`,
    assetId,
    spaceId,
    range,
    state: "published",
    runId: "r",
    step: key,
    kind: "table",
    createdAt: 0,
    dataVersion,
    codeVersion: "1",
    inputs,
  };
}

function request(view: CatalogView, given: Partial<PlanRequest> = {}): PlanRequest {
  return {
    selection: "*",
    targets: graph.order,
    graph,
    known,
    view,
    codeVersionOf: () => "1",
    observedOf: () => undefined,
    holds: new Holds([]),
    staleOnly: true,
    now: 0,
    ...given,
  };
}

const told = (view: CatalogView, given: Partial<PlanRequest> = {}): readonly string[] =>
  explainPlan(outlinePlan(request(view, given)));

test("what was never made is planned as one range of each asset, however many partitions that is", () => {
  const outline = outlinePlan(request(new CatalogView(0, [])));
  assert.equal(countSteps(outline), 2 * (end - start) + 1);
  assert.deepEqual(
    outline.steps.map(({ computation, partitions: { ranges } }) => [computation.key, ranges.length]),
    [
      ["raw", 1],
      ["clean", 1],
      ["report", 1],
    ],
  );
});

test("a version over a range of partitions is compared over the whole of that range", () => {
  const view = new CatalogView(1, []);
  view.stage(made("raw", everything, "1", view));
  view.stage(made("clean", everything, "1", view));
  view.stage(made("report", { slice: "", from: 0, to: 1 }, "1", view));
  assert.deepEqual(told(view), [`${2 * (end - start) + 1} fresh, left alone`]);
  // One day of the source comes out different: nothing tells which part of the wide version was made of it.
  view.stage(made("raw", some(10, 11), "2", view));
  assert.deepEqual(told(view), [
    `clean [0000-01-01 to 9999-12-31, ${end - start} partitions]  runs: raw changed`,
    "report  may run: if what it reads comes out different",
    `${end - start} fresh, left alone`,
  ]);
});

test("what was made for one partition alone is stale alone", () => {
  const view = new CatalogView(1, []);
  view.stage(made("raw", everything, "1", view));
  view.stage(made("clean", some(0, 10), "1", view));
  view.stage(made("clean", some(10, 11), "1", view));
  view.stage(made("clean", { ...everything, from: start + 11 }, "1", view));
  view.stage(made("raw", some(10, 11), "2", view));
  const outline = outlinePlan(request(view, { targets: [graph.byKey.get("clean") ?? assert.fail()] }));
  assert.deepEqual(
    outline.steps.map((steps) => [steps.partitions.ranges, steps.causes]),
    [[[some(10, 11)], [{ cause: "input changed", input: "raw" }]]],
  );
  assert.equal(outline.fresh, end - start - 1);
});

test("what lacks its own partition of an input is blocked as a range, and names the first few", () => {
  const view = new CatalogView(1, []);
  view.stage(made("raw", some(0, 3), "1", view));
  const targets = [graph.byKey.get("clean") ?? assert.fail()];
  const lines = told(view, { targets });
  assert.equal(
    lines.at(-1),
    `clean [0000-01-04 to 9999-12-31, ${end - start - 3} partitions]  blocked: raw lacks 0000-01-04, 0000-01-05, 0000-01-06, 0000-01-07, 0000-01-08 and ${end - start - 8} more`,
  );
});

test("a held stretch is neither due nor fresh (N17)", () => {
  const hold = { by: "ada", reason: "", at: 1 };
  const holds = new Holds([{ ...place("raw"), range: some(5, 8), hold }]);
  const targets = [graph.byKey.get("raw") ?? assert.fail()];
  const outline = outlinePlan(request(new CatalogView(0, []), { holds, targets }));
  assert.equal(countSteps(outline), end - start - 3);
  assert.deepEqual(
    outline.held.map(({ partitions: { ranges } }) => ranges),
    [[some(5, 8)]],
  );
});

test("steps one by one are those of the outline, each once, whatever the versions cover", () => {
  const month = partitions.monthly({ start: "2001-01", end: "2002-12" });
  const a = asset("a", { columns: N, partitions: month, sql: sql`select 1 as n` });
  const b = asset("b", { columns: N, partitions: month, sql: sql`from ${a}` });
  const small = new ProjectGraph({ assets: [a, b] as unknown as AssetDefinition[] });
  const places = new Map(
    small.order.map(({ key, partitions: definition }, index) => [
      key,
      { assetId: index + 1, spaceId: 1, space: new PartitionSpace(definition) },
    ]),
  );
  const first = 2001 * 12;
  const cut = fc.tuple(fc.constantFrom("a", "b"), fc.nat(23), fc.integer({ min: 1, max: 6 }), fc.nat(2));
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 8 }), fc.boolean(), (cuts, staleOnly) => {
      const view = new CatalogView(1, []);
      for (const [index, [key, from, length, data]] of cuts.entries()) {
        const range = { slice: "", from: first + from, to: Math.min(first + from + length, first + 24) };
        const inputs = stepInputs(
          small.byKey.get(key)?.computation ?? assert.fail(),
          range,
          places,
          0,
        ).flatMap((input) => versionInput(input, view, knownAsset(places, input.asset), undefined) ?? []);
        const { assetId, spaceId } = places.get(key) ?? assert.fail();
        view.stage({
          id: String(index),
          assetId,
          spaceId,
          range,
          state: "published",
          runId: "r",
          step: key,
          kind: "table",
          createdAt: 0,
          dataVersion: String(data),
          codeVersion: "1",
          inputs,
        });
      }
      const asked = { ...request(view, { staleOnly, graph: small, known: places }), targets: small.order };
      const outline = outlinePlan(asked);
      const plan = expandPlan(outline, asked);
      assert.equal(plan.steps.length, countSteps(outline));
      assert.equal(new Set(plan.steps.map(({ key }) => key)).size, plan.steps.length);
      if (!staleOnly) return;
      const due = (key: string): RangeSet =>
        RangeSet.of(
          outline.steps.flatMap((steps) => (steps.computation.key === key ? steps.partitions.ranges : [])),
        );
      // Partition by partition: missing, made of other data than what is there now, or below something planned.
      for (let ordinal = first; ordinal < first + 24; ordinal += 1) {
        const range = { slice: "", from: ordinal, to: ordinal + 1 };
        const own = view.exactly(places.get("b") ?? assert.fail(), range)?.version;
        const [before] = own?.inputs ?? [];
        const [input] =
          own === undefined
            ? []
            : stepInputs(small.byKey.get("b")?.computation ?? assert.fail(), own.range, places, 0);
        const now = input && versionInput(input, view, knownAsset(places, input.asset), undefined);
        const differs = now !== undefined && now.dataVersion !== before?.dataVersion;
        assert.equal(due("b").has(ordinal), own === undefined || differs || due("a").has(ordinal));
        assert.equal(
          due("a").has(ordinal),
          view.exactly(places.get("a") ?? assert.fail(), range) === undefined,
        );
      }
    }),
  );
});
