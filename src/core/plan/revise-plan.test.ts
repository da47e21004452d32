import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { AnyAsset } from "../asset/asset-types.ts";
import { asset, externalAsset } from "../asset/asset.ts";
import { source } from "../asset/source.ts";
import { CatalogView } from "../catalog/catalog-view.ts";
import { Holds } from "../catalog/holds.ts";
import type { VersionRecord } from "../catalog/version.ts";
import { wholeRange } from "../partition/range.ts";
import { PartitionSpace } from "../partition/space.ts";
import { ProjectGraph } from "../project/project-graph.ts";
import type { StepRecord } from "../run/run.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";
import { makePlan } from "./make-plan.ts";
import { noLongerAsked, revisePlan, type RevisedPlan } from "./revise-plan.ts";
import { staleCauses } from "./stale-cause.ts";
import { stepInputs, versionInput } from "./step-inputs.ts";

const value = { value: z.number(), run: () => 1 };
const raw = externalAsset("raw", { columns: z.object({ n: z.int() }), source: source.csv("x.csv") });

/** A project whose first run was interrupted, and what the code and the file are when it is asked for again. */
interface Interrupted {
  readonly assets: readonly AnyAsset[];
  readonly committed: readonly string[];
  readonly status?: Readonly<Record<string, Partial<StepRecord>>>;
  readonly code?: Readonly<Record<string, string>>;
  readonly file?: string;
  readonly sameBasis?: boolean;
  /** Keys of what is asked for now; all of them when absent. */
  readonly today?: readonly string[];
  /** Assets that the code has now. */
  readonly assetsToday?: readonly AnyAsset[];
}

function revised(given: Interrupted): RevisedPlan {
  const { committed, status = {}, code = {}, file = "seen" } = given;
  const known = new Map<string, KnownAsset>();
  for (const { key, partitions } of given.assets as unknown as AssetDefinition[]) {
    known.set(key, { assetId: known.size + 1, spaceId: 1, space: new PartitionSpace(partitions) });
  }
  const graphOf = (assets: readonly AnyAsset[]): ProjectGraph =>
    new ProjectGraph({ assets: assets as unknown as AssetDefinition[] });
  const before = graphOf(given.assets);
  const after = graphOf(given.assetsToday ?? given.assets);
  const seen = new CatalogView(3, []);
  const versions = new Map<string, VersionRecord>();
  const recorded: StepRecord[] = [];
  for (const made of before.order.filter(({ body }) => body.body !== "external")) {
    const { key } = made;
    const record = {
      key,
      outputs: [{ asset: key, omitted: false }],
      range: wholeRange,
      attempts: 1,
      mayRun: false,
    };
    if (!committed.includes(key)) {
      recorded.push({ ...record, status: "pending", ...status[key] });
      continue;
    }
    const inputs = stepInputs(made, wholeRange, known, 0).flatMap(
      (input) => versionInput(input, seen, knownAsset(known, input.asset), "seen") ?? [],
    );
    const version: VersionRecord = {
      ...knownAsset(known, made),
      id: `v ${key}`,
      range: wholeRange,
      state: "staged",
      runId: "r",
      step: key,
      kind: "value",
      createdAt: 0,
      dataVersion: `data of ${key}`,
      codeVersion: "1",
      inputs,
    };
    seen.stage(version);
    versions.set(version.id, version);
    recorded.push({
      ...record,
      status: "success",
      outputs: [{ asset: key, versionId: version.id, omitted: false }],
    });
  }
  const codeVersionOf = ({ key }: AssetDefinition): string => code[key] ?? "1";
  const observedOf = (): string => file;
  const wanted = given.today ?? after.order.map(({ key }) => key);
  const today = makePlan({
    selection: "*",
    targets: after.order.filter(({ key }) => wanted.includes(key)),
    graph: after,
    known,
    view: new CatalogView(3, []),
    codeVersionOf,
    observedOf,
    holds: new Holds([]),
    staleOnly: false,
    now: 0,
  });
  return revisePlan({
    recorded,
    versions,
    today,
    view: new CatalogView(3, []),
    graph: after,
    known,
    causesOf: (of, version, inputs) => staleCauses(version, codeVersionOf(of), inputs),
    observedOf,
    sameBasis: given.sameBasis ?? false,
    now: 0,
  });
}

const keysOf = (steps: readonly { readonly key: string }[]): string[] => steps.map(({ key }) => key);

const a = asset("a", { ...value, deps: { raw } });
const b = asset("b", { ...value, deps: { a } });
const c = asset("c", { ...value, deps: { b } });
const apart = asset("apart", value);
const chain = [raw, a, b, c, apart];

test("with the same code and inputs everything that was committed is kept (N9)", () => {
  const { kept, again, pending, added, dropped, plan } = revised({ assets: chain, committed: ["a", "b"] });
  assert.deepEqual([keysOf(kept), again, pending, added, dropped], [["a", "b"], [], ["c", "apart"], [], []]);
  assert.deepEqual(keysOf(plan.steps), ["a", "b", "c", "apart"]);
});

test("a committed step of other code runs again, and so does all that reads it; each says why (N9)", () => {
  const { kept, again } = revised({ assets: chain, committed: ["a", "b", "c", "apart"], code: { b: "2" } });
  assert.deepEqual(keysOf(kept), ["a", "apart"]);
  assert.deepEqual(again, [
    { key: "b", reason: "its code changed" },
    { key: "c", reason: "reads b" },
  ]);
});

test("a committed step whose file has changed since runs again (N9)", () => {
  const { kept, again } = revised({ assets: chain, committed: ["a", "apart"], file: "moved" });
  assert.deepEqual([keysOf(kept), again], [["apart"], [{ key: "a", reason: "raw changed" }]]);
});

test("what today's code has besides is added, and what it has no longer is dropped", () => {
  const fresh = asset("fresh", { ...value, deps: { a } });
  const { kept, added, dropped } = revised({
    assets: [...chain, fresh],
    assetsToday: [raw, a, b, fresh, apart],
    committed: ["a", "b"],
    status: { fresh: { key: "another" } },
  });
  assert.deepEqual(keysOf(kept), ["a", "b"]);
  assert.deepEqual(keysOf(added), ["fresh"]);
  assert.deepEqual(dropped, ["c", "another"]);
});

test("what was dropped before is not dropped again, and is made when it is asked for again", () => {
  const status = { b: { status: "skipped", skipped: "dropped", reason: noLongerAsked } } as const;
  const asked = revised({ assets: chain, committed: ["a"], status });
  assert.deepEqual([asked.pending, asked.dropped], [["b", "c", "apart"], []]);
  const without = revised({ assets: chain, committed: ["a"], status, today: ["a", "c", "apart"] });
  assert.deepEqual(without.dropped, []);
});

test("a committed step that is no longer stale stays one of the run", () => {
  const { kept, dropped } = revised({ assets: chain, committed: ["a", "b"], today: ["c", "apart"] });
  assert.deepEqual([keysOf(kept), dropped], [["a", "b"], []]);
});

test("a step skipped as unchanged is kept only while it may still be skipped", () => {
  const status = { b: { status: "skipped", skipped: "unchanged", mayRun: true } } as const;
  const { kept, pending } = revised({ assets: chain, committed: ["a"], status });
  // Today's plan was asked for by name: it surely runs.
  assert.deepEqual([keysOf(kept), pending], [["a"], ["b", "c", "apart"]]);
});

test("a step that skipped itself, or left out all it makes, is kept only where nothing at all has changed", () => {
  for (const status of [
    { status: "skipped", skipped: "author" },
    { status: "success", outputs: [{ asset: "apart", omitted: true }] },
  ] as const) {
    const given = { assets: chain, committed: ["a"], status: { apart: status } };
    assert.deepEqual(keysOf(revised({ ...given, sameBasis: true }).kept), ["a", "apart"]);
    assert.deepEqual(keysOf(revised(given).kept), ["a"]);
  }
});

test("exactly what neither changed nor reads what changed is kept, in any graph (N9)", () => {
  const graphs = fc.integer({ min: 1, max: 9 }).chain((size) =>
    fc.record({
      reads: fc.array(fc.array(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }),
      done: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
      changed: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
    }),
  );
  fc.assert(
    fc.property(graphs, ({ reads, done, changed }) => {
      const assets: AnyAsset[] = [];
      const upstream = reads.map((read, index) => [...new Set(read.filter((other) => other < index))]);
      for (const [index, read] of upstream.entries()) {
        const deps = Object.fromEntries(read.map((other) => [`d${other}`, assets[other] ?? assert.fail()]));
        assets.push(asset(`n${index}`, { ...value, deps }));
      }
      // A run commits nothing before what it reads.
      const committed: boolean[] = [];
      const good: boolean[] = [];
      for (const [index, read] of upstream.entries()) {
        committed.push(done[index] === true && read.every((other) => committed[other]));
        good.push(committed[index] === true && changed[index] !== true && read.every((other) => good[other]));
      }
      const named = (flags: readonly (boolean | undefined)[]): string[] =>
        flags.flatMap((flag, index) => (flag === true ? [`n${index}`] : []));
      const { kept, again } = revised({
        assets,
        committed: named(committed),
        code: Object.fromEntries(named(changed).map((key) => [key, "2"])),
      });
      assert.deepEqual(keysOf(kept).toSorted(), named(good));
      assert.deepEqual(
        keysOf(again).toSorted(),
        named(committed).filter((key) => !named(good).includes(key)),
      );
    }),
    { numRuns: 200 },
  );
});
