import assert from "node:assert/strict";
import { aggregateDataVersion } from "../../../../src/core/catalog/aggregate.ts";
import { fileOf } from "../../../../src/core/catalog/stored-rows.ts";
import { storedIn } from "../../../../src/core/catalog/version.ts";
import { refused } from "../refusal.ts";
import type { CatalogUnderTest } from "./catalog-under-test.ts";
import {
  type Asset,
  assets,
  type ModelCatalog,
  type Place,
  placesOf,
  placesOfVersion,
  type Pointers,
} from "./model-catalog.ts";

/** Both catalogs say the same: the newest snapshot and another, or that it is gone. */
export async function compareCatalogs(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
  const head = await real.state.catalog.head(real.scope);
  assert.equal(head.number, model.head, "the newest snapshot");
  const some = [model.head, chosen(model)];
  await compareSnapshots(model, real, new Set(some.filter((number) => model.snapshots.has(number))));
  const gone = some.find((number) => !model.snapshots.has(number));
  if (gone !== undefined) await compareGone(real, gone);
  await compareHolds(model, real);
}

/** All that can be asked, once at the end. */
export async function compareEverything(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
  await compareSnapshots(model, real, model.snapshots.keys());
  for (let number = 0; number < model.head; number += 1)
    if (!model.snapshots.has(number)) await compareGone(real, number);
  await refused("SNAPSHOT_GONE", real.state.catalog.current(real.scope, model.head + 1));
  for (const asset of assets) await compareVersions(asset, model, real);
  await compareOpenPointers(real);
}

/** Another one after each command, and the same again when the commands are run again. */
function chosen({ tick, head }: ModelCatalog): number {
  return (tick * 7) % (head + 1);
}

async function compareGone({ state, scope }: CatalogUnderTest, number: number): Promise<void> {
  await refused("SNAPSHOT_GONE", state.catalog.current(scope, number));
  await refused("SNAPSHOT_GONE", state.catalog.summaries(scope, number));
}

async function compareSnapshots(
  model: ModelCatalog,
  real: CatalogUnderTest,
  numbers: Iterable<number>,
): Promise<void> {
  for (const number of numbers) {
    const pointers: Pointers = model.snapshots.get(number)?.pointers ?? new Map();
    await compareCurrent(number, pointers, real);
    await compareSummaries(number, pointers, real);
  }
}

async function compareCurrent(number: number, pointers: Pointers, real: CatalogUnderTest): Promise<void> {
  const names = new Map(assets.map((asset) => [real.idOf(asset), asset]));
  const found = new Map<Place, string>();
  for (const { range, version } of await real.state.catalog.current(real.scope, number)) {
    const asset = names.get(version.assetId);
    assert.ok(asset !== undefined);
    const within = version.range.from <= range.from && range.to <= version.range.to;
    assert.ok(within, "a pointer lies within its version");
    const files = storedIn(version.location).map(fileOf);
    assert.ok(files.length > 0, `${version.id} can be read at ${number}`);
    for (const file of files) assert.ok(!real.removedFiles.has(file), `${file} is needed at ${number}`);
    for (const place of placesOf(asset, range)) {
      assert.ok(!found.has(place), `${place} is there twice at ${number}`);
      found.set(place, version.id);
    }
  }
  const expected = new Map([...pointers].map(([place, { id }]) => [place, id]));
  assert.deepEqual(sorted(found), sorted(expected), `what is current at ${number}`);
}

const sorted = (map: ReadonlyMap<string, string>): string[] =>
  [...map].map(([place, id]) => `${place} ${id}`).toSorted();

/** What is kept by adding and taking away must be what counting anew gives: one partition at a time (N10). */
async function compareSummaries(number: number, pointers: Pointers, real: CatalogUnderTest): Promise<void> {
  const summaries = await real.state.catalog.summaries(real.scope, number);
  for (const asset of assets) {
    const summary = summaries.get(real.idOf(asset));
    const current = new Map([...pointers].filter(([place]) => place.startsWith(`${asset} `)));
    assert.equal(summary?.partitions ?? 0, current.size, `partitions of ${asset} at ${number}`);
    if (summary === undefined) continue;
    const pieces = [...current].map(([place, { dataVersion }]) => {
      const [, slice = "", from = ""] = place.split(" ");
      return { range: { slice, from: Number(from), to: Number(from) + 1 }, dataVersion };
    });
    assert.equal(summary.dataVersion, aggregateDataVersion(pieces), `data of ${asset} at ${number}`);
    const versions = new Set(current.values());
    const isWhole = [...versions].every((one) =>
      placesOfVersion(one).every((place) => current.get(place) === one),
    );
    const rows = [...versions].reduce((sum, { rowCount }) => sum + rowCount, 0);
    const known = summary.rowCount;
    if (known !== undefined)
      assert.deepEqual([known, isWhole], [rows, true], `rows of ${asset} at ${number}`);
  }
}

async function compareHolds(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
  const names = new Map(assets.map((asset) => [real.idOf(asset), asset]));
  const holds = await real.state.holds.list(real.scope);
  const held = holds.flatMap(({ assetId, range }) => placesOf(names.get(assetId) ?? assert.fail(), range));
  assert.deepEqual(held.toSorted(), [...model.holds.keys()].toSorted(), "what is held");
}

async function compareVersions(asset: Asset, model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
  const versions = await real.state.catalog.versions(real.scope, real.idOf(asset), 1000);
  const expected = [...model.versions.values()].filter((one) => one.asset === asset).toReversed();
  const known = versions.filter(({ id }) => model.versions.has(id));
  assert.deepEqual(
    known.map(({ id, state, base }) => [id, state, base]),
    expected.map(({ id, state, base }) => [id, state, base]),
    `versions of ${asset}`,
  );
  // The others were begun and never made.
  for (const { state } of versions.filter(({ id }) => !model.versions.has(id)))
    assert.match(state, /^(intended|abandoned)$/);
}

async function compareOpenPointers({ made, scope }: CatalogUnderTest): Promise<void> {
  const overlapping = await made.execute(
    `select a.id from pointer a join pointer b on b.environment_id = a.environment_id and b.asset_id = a.asset_id
       and b.space_id = a.space_id and b.slice = a.slice and b.id <> a.id and b.valid_to is null
       and b.range_from < a.range_to and b.range_to > a.range_from
     where a.environment_id = ${scope.environmentId} and a.valid_to is null`,
  );
  assert.equal(overlapping.length, 0, "open pointers never overlap");
}
