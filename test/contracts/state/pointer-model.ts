import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { aggregateDataVersion } from "../../../src/core/catalog/aggregate.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { assetOf, daily, TestProject } from "./test-project.ts";

const keys = ["a", "b"] as const;
const slices = ["", "de"] as const;
const ordinals = 12;

interface Placed {
  readonly asset: (typeof keys)[number];
  readonly slice: (typeof slices)[number];
  readonly from: number;
  readonly length: number;
}

/** One publish: some ranges, or an asset that is retired. */
type Publish = { readonly placed: readonly Placed[] } | { readonly retired: (typeof keys)[number] };

const placed = fc.record({
  asset: fc.constantFrom(...keys),
  slice: fc.constantFrom(...slices),
  from: fc.nat(ordinals - 1),
  length: fc.integer({ min: 1, max: 6 }),
});

const publishes: fc.Arbitrary<Publish[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ placed: fc.array(placed, { minLength: 1, maxLength: 4 }) }) },
    { weight: 1, arbitrary: fc.record({ retired: fc.constantFrom(...keys) }) },
  ),
  { minLength: 1, maxLength: 8 },
);

/** The catalog as a child would keep it: each partition's version, one map for each snapshot. */
type Model = ReadonlyMap<string, string>;

const partition = (asset: string, slice: string, ordinal: number): string => `${asset} ${slice} ${ordinal}`;

export function pointerModelContract(database: DatabaseUnderTest): void {
  suite(`any series of publishes in ${database.name}`, () => {
    test("every snapshot shows for each partition what was published last, for ever", async (t) => {
      const state = await (await database.make(t)).open();
      let environments = 0;
      await fc.assert(
        fc.asyncProperty(publishes, async (series) => {
          environments += 1;
          const names = { environment: `model ${environments}` };
          const project = await TestProject.open(state, { a: daily, b: daily }, names);
          const snapshots: Model[] = [new Map()];
          for (const publish of series)
            snapshots.push(await perform(project, publish, snapshots.at(-1) ?? new Map()));
          const head = await project.head();
          // A retirement of nothing makes no snapshot; the model then holds the same twice.
          const distinct = snapshots.filter((model, index) => index === 0 || model !== snapshots[index - 1]);
          assert.equal(head, distinct.length - 1);
          for (const [number, model] of distinct.entries()) await compare(project, number, model);
        }),
        { numRuns: 15 },
      );
    });
  });
}

async function perform(project: TestProject, publish: Publish, before: Model): Promise<Model> {
  const after = new Map(before);
  if ("retired" in publish) {
    const run = await project.run([]);
    await run.publish({ versionIds: [], retire: [project.asset(publish.retired)] });
    await run.end();
    for (const key of before.keys()) if (key.startsWith(`${publish.retired} `)) after.delete(key);
    return after.size === before.size ? before : after;
  }
  const steps = publish.placed.map(({ asset, slice, from, length }, index) => ({
    ...project.step(asset, { slice, from, to: from + length }),
    key: `step ${index}`,
  }));
  const run = await project.run(steps);
  const versionIds: string[] = [];
  for (const step of steps) {
    // Few different contents, so that neighbours are often equal.
    const dataVersion = `data ${(step.range.from + step.range.to) % 3}`;
    versionIds.push(await run.make(step, { dataVersion, rowCount: step.range.to }));
    for (let ordinal = step.range.from; ordinal < step.range.to; ordinal += 1) {
      after.set(partition(assetOf(step), step.range.slice, ordinal), dataVersion);
    }
  }
  await run.publish({ versionIds });
  await run.end();
  return after;
}

async function compare(project: TestProject, number: number, model: Model): Promise<void> {
  const current = await project.state.catalog.current(project.scope, number);
  const found = new Map<string, string>();
  for (const { range, version } of current) {
    const asset = keys.find((key) => project.asset(key).assetId === version.assetId) ?? "?";
    assert.ok(
      version.range.from <= range.from && range.to <= version.range.to,
      "a pointer lies within its version",
    );
    for (let ordinal = range.from; ordinal < range.to; ordinal += 1) {
      const key = partition(asset, range.slice, ordinal);
      assert.ok(!found.has(key), `${key} is there twice`);
      found.set(key, version.dataVersion ?? "");
    }
  }
  assert.deepEqual(found, new Map([...found.keys()].map((key) => [key, model.get(key) ?? "nothing"])));
  assert.equal(found.size, model.size);
  await compareSummaries(project, number, model);
}

/** The aggregate, kept by adding and taking away, must be what counting anew gives: one partition at a time. */
async function compareSummaries(project: TestProject, number: number, model: Model): Promise<void> {
  const summaries = await project.state.catalog.summaries(project.scope, number);
  for (const asset of keys) {
    const pieces = [...model].flatMap(([key, dataVersion]) => {
      const [of, slice = "", ordinal = ""] = key.split(" ");
      const from = Number(ordinal);
      return of === asset ? [{ range: { slice, from, to: from + 1 }, dataVersion }] : [];
    });
    const summary = summaries.get(project.asset(asset).assetId);
    assert.equal(summary?.partitions ?? 0, pieces.length);
    if (summary !== undefined) assert.equal(summary.dataVersion, aggregateDataVersion(pieces));
  }
}
