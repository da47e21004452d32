import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { AnyAsset } from "../asset/asset-types.ts";
import { asset, externalAsset } from "../asset/asset.ts";
import { source } from "../asset/source.ts";
import { Holds } from "../catalog/holds.ts";
import { CatalogView } from "../catalog/catalog-view.ts";
import { columnsOf } from "../column/columns-of.ts";
import { MillraceError } from "../errors.ts";
import { partitions } from "../partition/partitions.ts";
import { PartitionSpace } from "../partition/space.ts";
import { ProjectGraph } from "../project/project-graph.ts";
import type { StepRecord } from "../run/run.ts";
import { sql } from "../sql/sql.ts";
import { explainPlan } from "./explain-plan.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";
import { makePlan } from "./make-plan.ts";
import { outlinePlan } from "./outline-plan.ts";
import type { PlanRequest } from "./plan-request.ts";
import type { Plan, PlanStep } from "./plan.ts";
import { resumePlan } from "./resume-plan.ts";
import { describeCause } from "./stale-cause.ts";
import { stepInputs, versionInput } from "./step-inputs.ts";
import { withheldSteps } from "./withheld-steps.ts";

const now = Date.parse("2001-05-15T00:00:00Z");

/** A project and its catalog, as a plan sees them: what has been made so far, from which code and data. */
class World {
  readonly graph: ProjectGraph;
  readonly known: ReadonlyMap<string, KnownAsset>;
  readonly code = new Map<string, string>();
  readonly observed = new Map<string, string>();
  readonly view: CatalogView;

  /** @param view a catalog that was filled with other definitions of the same assets */
  constructor(assets: readonly unknown[], view = new CatalogView(7, [])) {
    this.view = view;
    this.graph = new ProjectGraph({ assets: assets as AssetDefinition[] });
    this.known = new Map(
      this.graph.order.map(({ key, partitions: space }, index) => [
        key,
        { assetId: index + 1, spaceId: 1, space: new PartitionSpace(space) },
      ]),
    );
  }

  request(given: Partial<PlanRequest> = {}): PlanRequest {
    return {
      selection: "*",
      targets: this.graph.order,
      graph: this.graph,
      known: this.known,
      view: this.view,
      codeVersionOf: ({ key }) => this.code.get(key) ?? "1",
      observedOf: ({ key }) => this.observed.get(key) ?? "seen",
      holds: new Holds([]),
      staleOnly: false,
      now,
      ...given,
    };
  }

  plan(...keys: readonly string[]): Plan {
    return makePlan(this.request(this.targets(keys)));
  }

  stale(...keys: readonly string[]): Plan {
    return makePlan(this.request({ staleOnly: true, ...this.targets(keys) }));
  }

  explain(...keys: readonly string[]): readonly string[] {
    return explainPlan(outlinePlan(this.request(this.targets(keys))));
  }

  explainStale(...keys: readonly string[]): readonly string[] {
    return explainPlan(outlinePlan(this.request({ staleOnly: true, ...this.targets(keys) })));
  }

  private targets(keys: readonly string[]): Partial<PlanRequest> {
    return keys.length === 0 ? {} : { targets: keys.map((key) => this.asset(key)) };
  }

  asset(key: string): AssetDefinition {
    return this.graph.byKey.get(key) ?? assert.fail(key);
  }

  /** Makes a step as the engine would: it records its code and what it read. */
  make(step: PlanStep, dataVersion = "1"): void {
    const inputs = stepInputs(step.computation, step.range, this.known, now).flatMap((input) => {
      const observed = this.observed.get(input.asset.key) ?? "seen";
      return versionInput(input, this.view, knownAsset(this.known, input.asset), observed) ?? [];
    });
    for (const { asset: made } of step.outputs) {
      const { assetId, spaceId } = knownAsset(this.known, made);
      this.view.stage({
        id: `${step.key} ${made.key}`,
        assetId,
        spaceId,
        range: step.range,
        state: "published",
        runId: "r",
        step: step.key,
        kind: made.kind,
        createdAt: 0,
        dataVersion,
        ...(made.columns === undefined
          ? { location: { inline: "1" } }
          : { columns: columnsOf(made.key, made.columns).columns }),
        codeVersion: this.code.get(made.key) ?? "1",
        inputs,
      });
    }
  }

  makeAll(): this {
    for (const step of this.plan().steps) this.make(step);
    return this;
  }

  remake(key: string, dataVersion: string): void {
    for (const step of this.plan(key).steps) this.make(step, dataVersion);
  }
}

const N = z.object({ n: z.int() });
const raw = externalAsset("raw", { columns: N, source: source.csv("x.csv") });
const a = asset("a", { columns: N, sql: sql`from ${raw}` });
const b = asset("b", { columns: N, sql: sql`from ${a}` });
const c = asset("c", { columns: N, sql: sql`from ${b}` });
const months = partitions.monthly({ start: "2001-01" });
const monthly = asset("monthly", { columns: N, partitions: months, sql: sql`from ${raw}` });
const scored = asset("scored", { columns: N, partitions: months, sql: sql`from ${monthly}` });
const total = asset("total", { columns: N, sql: sql`from ${scored}` });

const chain = (): World => new World([raw, a, b, c]);
const partitioned = (): World => new World([raw, monthly, scored, total]);
const keys = (plan: Plan): string[] => plan.steps.map(({ key }) => key);
const refused = (work: () => unknown): MillraceError => {
  try {
    work();
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  return assert.fail("it was not refused");
};

test("everything that is selected runs, upstream first, and external assets are never made", () => {
  const plan = chain().plan();
  assert.deepEqual(
    plan.steps.map(({ key, dependsOn, certainty, partition }) => [key, dependsOn, certainty, partition]),
    [
      ["a", [], "runs", undefined],
      ["b", ["a"], "runs", undefined],
      ["c", ["b"], "runs", undefined],
    ],
  );
  assert.equal(plan.snapshot, 7);
  assert.deepEqual(plan.blocked, []);
  assert.equal(refused(() => chain().plan("raw")).code, "SELECTION_EXTERNAL");
});

test("the same request gives the same plan, in whatever order its targets come", () => {
  const world = partitioned();
  assert.deepEqual(world.plan("total", "monthly", "scored"), world.plan("monthly", "scored", "total"));
  assert.ok(Object.isFrozen(world.plan()));
});

test("what is fresh runs when it is asked for, and is left alone when only stale assets are wanted", () => {
  const world = chain().makeAll();
  assert.deepEqual(keys(world.plan("b")), ["b"]);
  const plan = world.stale();
  assert.deepEqual(keys(plan), []);
  assert.equal(plan.fresh, 3);
});

test("stale is direct: what lies below a stale asset may run, and says so (N21, N22)", () => {
  const world = chain().makeAll();
  world.code.set("a", "2");
  assert.deepEqual(
    world.stale().steps.map(({ key, certainty, causes }) => [key, certainty, causes]),
    [
      ["a", "runs", [{ cause: "code changed", changes: [] }]],
      ["b", "may run", []],
      ["c", "may run", []],
    ],
  );
  assert.equal(world.stale("b", "c").fresh, 2, "without its upstream in the plan, nothing of it has changed");
});

test("an input that came out different makes its reader stale, and only its reader (N21)", () => {
  const world = chain().makeAll();
  world.remake("a", "2");
  assert.deepEqual(
    world.stale().steps.map(({ key, certainty, causes }) => [key, certainty, causes]),
    [
      ["b", "runs", [{ cause: "input changed", input: "a" }]],
      ["c", "may run", []],
    ],
  );
});

test("an input that came out equal makes nobody stale (N21)", () => {
  const world = chain().makeAll();
  world.remake("a", "1");
  assert.deepEqual(keys(world.stale()), []);
});

test("an external asset that moved makes its readers stale (N21, N25)", () => {
  const world = chain().makeAll();
  world.observed.set("raw", "seen later");
  assert.deepEqual(world.stale("a").steps[0]?.causes, [{ cause: "input changed", input: "raw" }]);
});

test("an upstream that is there no more is no input that its reader gave up", () => {
  const world = chain().makeAll();
  const gone = new CatalogView(
    8,
    [...world.view.pieces(world.known.get("b") ?? assert.fail())].map(({ range, version }) => ({
      range,
      version,
      since: 1,
      publishedAt: 1,
    })),
  );
  const targets = [world.asset("a"), world.asset("b")];
  const plan = makePlan(world.request({ view: gone, targets, staleOnly: true }));
  assert.deepEqual(
    plan.steps.map(({ key, certainty, causes }) => [key, certainty, causes]),
    [
      ["a", "runs", [{ cause: "missing" }]],
      ["b", "may run", []],
    ],
  );
});

test("a step whose input is neither there nor planned is blocked, and names it (N24)", () => {
  assert.deepEqual(chain().plan("b").blocked, [{ key: "b", dependency: "a", missing: ["a"] }]);
  assert.deepEqual(chain().plan("a", "b").blocked, []);
});

test("partitions are steps of their own; alike ones depend one on one, an unpartitioned asset on all (N24)", () => {
  const plan = partitioned().plan();
  const names = ["2001-01", "2001-02", "2001-03", "2001-04"];
  assert.deepEqual(keys(plan), [
    ...names.map((name) => `monthly[${name}]`),
    ...names.map((name) => `scored[${name}]`),
    "total",
  ]);
  assert.deepEqual(plan.steps[5]?.dependsOn, ["monthly[2001-02]"]);
  assert.equal(plan.steps[5].partition, "2001-02");
  assert.deepEqual(
    plan.steps[8]?.dependsOn,
    names.map((name) => `scored[${name}]`),
  );
});

test("a missing partition blocks who reads all of them, and is named (N24)", () => {
  const world = partitioned().makeAll();
  const later = Date.parse("2001-07-01T00:00:00Z");
  const total = world.asset("total");
  const plan = makePlan(world.request({ targets: [total], now: later }));
  assert.deepEqual(plan.blocked, [{ key: "total", dependency: "scored", missing: ["2001-05", "2001-06"] }]);
  const withIt = makePlan(world.request({ targets: world.graph.order, now: later, staleOnly: true }));
  assert.deepEqual(withIt.blocked, []);
  assert.deepEqual(keys(withIt).slice(0, 2), ["monthly[2001-05]", "monthly[2001-06]"]);
  assert.deepEqual(keys(withIt).at(-1), "total");
});

test("a partition or a stretch of them can be asked for, both ends included", () => {
  const world = partitioned();
  const targets = [world.asset("monthly")];
  const plan = (from: string, to: string): string[] =>
    keys(makePlan(world.request({ targets, partitions: { from, to } })));
  assert.deepEqual(plan("2001-02", "2001-02"), ["monthly[2001-02]"]);
  assert.deepEqual(plan("2001-02", "2001-04"), ["monthly[2001-02]", "monthly[2001-03]", "monthly[2001-04]"]);
});

test("a partition that there is not is refused, with those there are", () => {
  const world = partitioned();
  const plan = (from: string, to = from, key = "monthly"): string =>
    refused(() => makePlan(world.request({ targets: [world.asset(key)], partitions: { from, to } }))).message;
  assert.equal(plan("2001-05"), "2001-05 is no partition of monthly");
  assert.equal(plan("2000-12", "2001-02"), "2000-12 is no partition of monthly");
  assert.equal(plan("2001-01-01"), "2001-01-01 is no partition of monthly");
  assert.equal(plan("2001-03", "2001-02"), "2001-03..2001-02 is no partition of monthly");
  assert.equal(plan("2001-01", "2001-01", "total"), "2001-01 was asked for, but total has no partitions");
  const { fix } = refused(() =>
    makePlan(world.request({ targets: [world.asset("monthly")], partitions: { from: "x", to: "x" } })),
  );
  assert.equal(fix, "Its partitions are 2001-01..2001-04.");
});

test("a changed partition makes stale what reads it, and no other partition", () => {
  const world = partitioned().makeAll();
  const march = world.plan("monthly").steps[2] ?? assert.fail();
  world.make(march, "2");
  assert.deepEqual(
    world.stale().steps.map(({ key, certainty }) => [key, certainty]),
    [
      ["scored[2001-03]", "runs"],
      ["total", "may run"],
    ],
  );
});

test("following a stale plan to its end leaves nothing stale, whatever was changed before (N21)", () => {
  const changes = fc.array(fc.record({ code: fc.boolean(), at: fc.nat(4), to: fc.constantFrom("2", "3") }), {
    maxLength: 4,
  });
  const edges = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 8 });
  fc.assert(
    fc.property(edges, changes, (pairs, made) => {
      const assets: AnyAsset[] = [raw];
      for (let index = 0; index < 5; index += 1) {
        const upstream = pairs
          .filter(([from, to]) => from === index && to < index)
          .map(([, to]) => assets[to + 1] ?? raw);
        const deps = Object.fromEntries([raw, ...upstream].map((each) => [each.key, each]));
        const space = index < 3 ? { partitions: months } : {};
        assets.push(asset(`n${index}`, { columns: N, deps, sql: sql`select 1`, ...space }));
      }
      const world = new World(assets).makeAll();
      assert.deepEqual(keys(world.stale()), []);
      for (const { code, at, to } of made) {
        if (code) world.code.set(`n${at}`, to);
        else world.observed.set("raw", to);
      }
      const plan = world.stale();
      for (const step of plan.steps) {
        for (const upstream of step.dependsOn) {
          assert.ok(keys(plan).indexOf(upstream) < keys(plan).indexOf(step.key), "upstream comes first");
        }
        world.make(step, `made of ${[...world.code.values()].join()}`);
      }
      assert.deepEqual(keys(world.stale()), []);
    }),
    { numRuns: 60 },
  );
});

const Text = z.object({ n: z.string() });
const ints = asset("monthly", { columns: N, partitions: months, sql: sql`from ${raw}` });
const texts = asset("monthly", { columns: Text, partitions: months, sql: sql`from ${raw}` });
const withInts = [raw, ints, asset("total", { columns: N, sql: sql`from ${ints}` })];
const withTexts = [raw, texts, asset("total", { columns: N, sql: sql`from ${texts}` })];

test("another type of a column makes all partitions stale together, and says so with both types (N6)", () => {
  const before = new World(withInts).makeAll();
  const world = new World(withTexts, before.view);
  const plan = world.stale("monthly");
  assert.deepEqual(
    plan.steps.map(({ key, causes }) => [key, causes]),
    ["2001-01", "2001-02", "2001-03", "2001-04"].map((month) => [
      `monthly[${month}]`,
      [
        {
          cause: "schema changed",
          mismatch: {
            of: "column",
            column: "n",
            stored: { type: { kind: "safe_integer" }, nullable: false },
            declared: { type: { kind: "varchar" }, nullable: false },
          },
        },
      ],
    ]),
  );
  assert.deepEqual(world.explainStale("monthly"), [
    "monthly [2001-01 to 2001-04, 4 partitions]  runs: the column n is stored as BIGINT (safe) and declared as VARCHAR",
  ]);
});

test("after such a change a part of the partitions cannot be made alone; those left out are named (N6)", () => {
  const before = new World(withInts).makeAll();
  const world = new World(withTexts, before.view);
  const request = { targets: [world.asset("monthly")], partitions: { from: "2001-02", to: "2001-03" } };
  const plan = makePlan(world.request(request));
  assert.deepEqual(
    plan.blocked.map((blocked) => ("leaves" in blocked ? [blocked.key, blocked.leaves] : [])),
    [["monthly", ["2001-01", "2001-04"]]],
  );
  assert.equal(
    explainPlan(outlinePlan(world.request(request))).at(-1),
    "monthly  blocked: the column n is stored as BIGINT (safe) and declared as VARCHAR, so 2001-01, 2001-04 must be made along",
  );
  assert.deepEqual(makePlan(world.request({ ...request, staleOnly: true })).blocked, plan.blocked);
  assert.deepEqual(makePlan(world.request({ targets: [world.asset("monthly")] })).blocked, []);
  for (const step of plan.steps) world.make(step);
  assert.deepEqual(
    [...withheldSteps(world.plan("monthly", "total"), world.view, world.known)],
    [...["01", "02", "03", "04"].map((month) => `monthly[2001-${month}]`), "total"],
    "half an asset is not published, nor what was made from it",
  );
});

test("a wider column, one that may be NULL and one that is gone make nothing stale by themselves (N6)", () => {
  const Wide = z.object({ n: z.int32(), gone: z.string() });
  const before = new World([raw, asset("a", { columns: Wide, sql: sql`from ${raw}` })]).makeAll();
  const Wider = z.object({ added: z.string().nullable(), n: z.number().nullable() });
  const world = new World([raw, asset("a", { columns: Wider, sql: sql`from ${raw}` })], before.view);
  assert.deepEqual(keys(world.stale()), []);
});

test("a stored value that today's schema refuses makes it stale, in the schema's words (N6)", () => {
  const value = (schema: z.ZodType) => [asset("v", { value: schema, run: () => 1 })];
  const before = new World(value(z.number()));
  for (const step of before.plan().steps) before.make(step);
  const world = new World(value(z.string()), before.view);
  assert.deepEqual(
    world.stale().steps.flatMap(({ causes }) => causes.map(describeCause)),
    ["the stored value does not fit: ✖ Invalid input: expected string, received number"],
  );
  assert.deepEqual(keys(new World(value(z.number().max(3)), before.view).stale()), []);
});

test("an asset of another kind under the same key is stale, and says what it was (N6)", () => {
  const before = new World([raw, a]).makeAll();
  const world = new World([raw, asset("a", { value: z.number(), run: () => 1 })], before.view);
  assert.ok(
    world
      .stale()
      .steps[0]?.causes.map(describeCause)
      .includes("it is stored as a table and declared as a value"),
  );
});

test("a plan in words says what runs, why, and what is blocked or left alone", () => {
  const world = chain().makeAll();
  world.code.set("a", "2");
  world.remake("b", "2");
  assert.deepEqual(world.explainStale(), [
    "a  runs: its code changed",
    "b  may run: if what it reads comes out different",
    "c  runs: b changed",
  ]);
  assert.deepEqual(world.explain("c"), ["c  runs: b changed"]);
  assert.deepEqual(chain().makeAll().explain("c"), ["c  runs: asked for"]);
  assert.deepEqual(chain().makeAll().explainStale(), ["3 fresh, left alone"]);
  assert.deepEqual(chain().explain("b"), ["b  runs: never materialized", "b  blocked: a lacks a"]);
  assert.deepEqual(explainPlan({ ...outlinePlan(world.request()), steps: [], fresh: 0 }), ["nothing to do"]);
});

test("partitions with one reason share a line, which names stretches of them", () => {
  const world = partitioned();
  assert.deepEqual(world.explain("monthly"), [
    "monthly [2001-01 to 2001-04, 4 partitions]  runs: never materialized",
  ]);
  const [first, , third, fourth] = world.plan("monthly").steps;
  for (const step of [first, third, fourth]) world.make(step ?? assert.fail());
  assert.deepEqual(world.explainStale("monthly"), [
    "monthly [2001-02]  runs: never materialized",
    "3 fresh, left alone",
  ]);
  world.code.set("monthly", "2");
  assert.deepEqual(world.explainStale("monthly"), [
    "monthly [2001-01, 2001-03 to 2001-04, 3 partitions]  runs: its code changed",
    "monthly [2001-02]  runs: never materialized",
  ]);
});

const record = ({ key, outputs, range, certainty }: PlanStep): StepRecord => ({
  key,
  status: "pending",
  outputs: outputs.map(({ asset: made }) => ({ asset: made.key, omitted: false })),
  range,
  attempts: 0,
  mayRun: certainty === "may run",
});

test("a plan put together again from its steps is the plan that was", () => {
  const world = partitioned();
  const plan = world.plan();
  const steps = plan.steps.map(record);
  const causeless = plan.steps.map((step) => ({
    ...step,
    causes: [],
    outputs: step.outputs.map((output) => ({ ...output, causes: [] })),
  }));
  assert.deepEqual(resumePlan(plan, steps, world.graph, world.known, now), { ...plan, steps: causeless });
});

test("a resumed plan keeps the steps that were planned, and what was thought of each, whatever is stale by now", () => {
  const world = chain().makeAll();
  world.code.set("b", "2");
  const planned = world.stale();
  const steps = planned.steps.map(record);
  world.code.set("c", "2");
  const resumed = resumePlan(planned, steps, world.graph, world.known, now);
  assert.deepEqual(
    resumed.steps.map(({ key, certainty, dependsOn }) => [key, certainty, dependsOn]),
    [
      ["b", "runs", []],
      ["c", "may run", ["b"]],
    ],
  );
  assert.deepEqual(resumed.blocked, []);
});

test("a resumed plan has no partitions but those it had, and no asset that left the code", () => {
  const world = partitioned();
  const steps = world.plan().steps.map(record);
  const later = Date.parse("2001-09-01T00:00:00Z");
  const without = new ProjectGraph({
    assets: [...world.graph.byKey.values()].filter(({ key }) => key !== "monthly"),
  });
  const resumed = resumePlan(world.plan(), steps, without, world.known, later);
  assert.equal(resumed.steps.length, 5);
  assert.deepEqual(resumed.steps[0]?.dependsOn, []);
  assert.equal(resumed.steps[4]?.dependsOn.length, 4);
});

test("what does without missing partitions is stale once none of those it read is left, until it is made of none (N24)", () => {
  const lenient = asset("lenient", { columns: N, missing: "skip", sql: sql`from ${scored}` });
  const world = new World([raw, monthly, scored, lenient]).makeAll();
  const { view, graph, known } = new World([raw, monthly, scored, lenient]);
  const left = new World([raw, monthly, scored, lenient], view);
  for (const piece of world.view.pieces(knownAsset(known, graph.byKey.get("lenient") ?? assert.fail()))) {
    view.stage(piece.version);
  }
  assert.deepEqual(left.explainStale("lenient"), [
    "lenient  runs: scored changed, without 2001-01, 2001-02, 2001-03, 2001-04 of scored",
  ]);
  left.remake("lenient", "2");
  assert.deepEqual(left.explainStale("lenient"), ["1 fresh, left alone"]);
});
