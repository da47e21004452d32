import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { aggregateDataVersion } from "../../../src/core/catalog/aggregate.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { assetOf, daily, TestProject } from "./test-project.ts";

const keys = ["a", "b"] as const;
const slices = ["", "de"] as const;
const ordinals = 10;

type Key = (typeof keys)[number];

/** What is done in one environment; `where` counts the environments that there are, over and over. */
type Act = { readonly where: number } & (
  | { readonly publish: readonly Placed[] }
  | { readonly retire: Key }
  | { readonly retireRange: Placed }
  | { readonly rollBack: Key; readonly to: number }
  | { readonly branch: number }
);

interface Placed {
  readonly asset: Key;
  readonly slice: (typeof slices)[number];
  readonly from: number;
  readonly length: number;
}

const placed: fc.Arbitrary<Placed> = fc.record({
  asset: fc.constantFrom(...keys),
  slice: fc.constantFrom(...slices),
  from: fc.nat(ordinals - 1),
  length: fc.integer({ min: 1, max: 6 }),
});
const where = fc.nat(11);

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ where, publish: fc.array(placed, { minLength: 1, maxLength: 4 }) }),
    },
    { weight: 3, arbitrary: fc.record({ where, retire: fc.constantFrom(...keys) }) },
    { weight: 3, arbitrary: fc.record({ where, retireRange: placed }) },
    { weight: 2, arbitrary: fc.record({ where, rollBack: fc.constantFrom(...keys), to: fc.nat(20) }) },
    { weight: 3, arbitrary: fc.record({ where, branch: fc.nat(20) }) },
  ),
  { minLength: 10, maxLength: 20 },
);

/** The data of each partition. */
type Model = ReadonlyMap<string, string>;

/** An environment as a child would keep it: a copy of the whole history of what it is based on, and its own after it. */
interface Environment {
  readonly project: TestProject;
  readonly history: Map<number, Model>;
}

const partition = (asset: string, slice: string, ordinal: number): string => `${asset} ${slice} ${ordinal}`;

function members({ asset, slice, from, length }: Placed): string[] {
  return Array.from({ length }, (_, index) => partition(asset, slice, from + index));
}

export function environmentModelContract(database: DatabaseUnderTest): void {
  suite(`any series of branches and publishes in ${database.name}`, () => {
    test("an environment shows what a copy of its base would, at every snapshot (N11)", async (t) => {
      const state = await (await database.make(t)).open();
      let series = 0;
      await fc.assert(
        fc.asyncProperty(acts, async (wanted) => {
          series += 1;
          const project = await TestProject.open(
            state,
            { a: daily, b: daily },
            { project: `model ${series}` },
          );
          const environments: Environment[] = [{ project, history: new Map([[0, new Map()]]) }];
          for (const act of wanted) {
            const environment = environments[act.where % environments.length] ?? assert.fail();
            if ("branch" in act) environments.push(await branchOff(environment, act.branch, environments));
            else await perform(environment, act);
          }
          for (const environment of environments) await compare(environment);
        }),
        { numRuns: 25 },
      );
    });
  });
}

async function branchOff(
  { project, history }: Environment,
  pick: number,
  others: readonly Environment[],
): Promise<Environment> {
  const numbers = [...history.keys()];
  const at = numbers[pick % numbers.length] ?? 0;
  const branch = await project.branch(`branch ${others.length}`, at);
  return { project: branch, history: new Map([...history].filter(([number]) => number <= at)) };
}

async function perform(
  environment: Environment,
  act: Exclude<Act, { readonly branch: number }>,
): Promise<void> {
  const { project, history } = environment;
  const head = Math.max(...history.keys());
  const after = new Map(history.get(head));
  if ("publish" in act) await publish(project, act.publish, after);
  else if ("retire" in act) {
    await retire(project, [project.asset(act.retire)]);
    for (const key of after.keys()) if (key.startsWith(`${act.retire} `)) after.delete(key);
  } else if ("retireRange" in act) {
    const { asset, slice, from, length } = act.retireRange;
    const { assetId, spaceId } = project.asset(asset);
    await retire(project, [{ assetId, place: { spaceId, range: { slice, from, to: from + length } } }]);
    for (const key of members(act.retireRange)) after.delete(key);
  } else {
    const numbers = [...history.keys()];
    const then = numbers[act.to % numbers.length] ?? 0;
    if (![...(history.get(then) ?? [])].some(([key]) => key.startsWith(`${act.rollBack} `))) return;
    const targets = [{ key: act.rollBack, ...project.asset(act.rollBack) }];
    const who = { by: "ada", reason: "" };
    await project.state.holds.rollBack(project.scope, { targets, to: { snapshot: then }, ...who });
    await project.state.holds.release(project.scope, { targets, ...who });
    for (const key of after.keys()) if (key.startsWith(`${act.rollBack} `)) after.delete(key);
    for (const [key, data] of history.get(then) ?? [])
      if (key.startsWith(`${act.rollBack} `)) after.set(key, data);
  }
  const number = await project.head();
  assert.ok(number === head || number === head + 1);
  // What changes nothing makes no snapshot; then there was nothing to change.
  if (number === head) assert.deepEqual(after, history.get(head));
  history.set(number, after);
}

async function publish(
  project: TestProject,
  wanted: readonly Placed[],
  after: Map<string, string>,
): Promise<void> {
  const steps = wanted.map(({ asset, slice, from, length }, index) => ({
    ...project.step(asset, { slice, from, to: from + length }),
    key: `step ${index}`,
  }));
  const run = await project.run(steps);
  const versionIds: string[] = [];
  for (const [index, step] of steps.entries()) {
    // Few different contents, so that neighbours are often equal.
    const dataVersion = `data ${(step.range.from + step.range.to) % 3}`;
    versionIds.push(await run.make(step, { dataVersion, rowCount: step.range.to - step.range.from }));
    for (const key of members(wanted[index] ?? assert.fail())) after.set(key, dataVersion);
    assert.ok(assetOf(step));
  }
  await run.publish({ versionIds });
  await run.end();
}

async function retire(
  project: TestProject,
  places: NonNullable<Parameters<Awaited<ReturnType<TestProject["run"]>>["publish"]>[0]["retire"]>,
): Promise<void> {
  const run = await project.run([]);
  await run.publish({ versionIds: [], retire: places });
  await run.end();
}

async function compare({ project, history }: Environment): Promise<void> {
  for (const [number, model] of history) {
    const current = await project.state.catalog.current(project.scope, number);
    const found = new Map<string, string>();
    for (const { range, version } of current) {
      const asset = keys.find((key) => project.asset(key).assetId === version.assetId) ?? "?";
      assert.ok(version.range.from <= range.from && range.to <= version.range.to);
      for (let ordinal = range.from; ordinal < range.to; ordinal += 1) {
        const key = partition(asset, range.slice, ordinal);
        assert.ok(!found.has(key), `${key} is there twice`);
        found.set(key, version.dataVersion ?? "");
      }
    }
    const sorted = (map: Model) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    assert.deepEqual(sorted(found), sorted(model));
    const summaries = await project.state.catalog.summaries(project.scope, number);
    for (const asset of keys) compareSummary(summaries.get(project.asset(asset).assetId), asset, model);
  }
}

/** Of what is there each partition has one row, so that rows that are counted are as many as partitions. */
function compareSummary(
  summary: { dataVersion: string; partitions: number; rowCount?: number } | undefined,
  asset: Key,
  model: Model,
): void {
  const pieces = [...model].flatMap(([key, dataVersion]) => {
    const [of, slice = "", ordinal = ""] = key.split(" ");
    const from = Number(ordinal);
    return of === asset ? [{ range: { slice, from, to: from + 1 }, dataVersion }] : [];
  });
  assert.equal(summary?.partitions ?? 0, pieces.length);
  if (summary === undefined) return;
  assert.equal(summary.dataVersion, aggregateDataVersion(pieces));
  if (summary.rowCount !== undefined) assert.equal(summary.rowCount, pieces.length);
}
