import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { StoredRows } from "../../../src/core/catalog/stored-rows.ts";
import type { Location } from "../../../src/core/catalog/version.ts";
import type { LocationMove } from "../../../src/ports/state/location-store.ts";
import type { DatabaseUnderTest, TestDatabase } from "./database-under-test.ts";
import { collect, hour, pass, removeFiles } from "./hand-clock.ts";
import { days, TestProject } from "./test-project.ts";

const pack = "days/the-pack/0.parquet";

const plain = (...files: readonly StoredRows[]): Location => ({ store: "here", files });

function packed(index: number, of = 3): Location {
  const rows = { rows: of * 10, bytes: of * 20 };
  return plain({ file: pack, from: index * 10, to: index * 10 + 10, bytes: 10, pack: rows });
}

/** `d0` is the first day, `d1` the second. */
async function threeDays(project: TestProject, round = "d"): Promise<void> {
  await project.materialize(
    ...[0, 1, 2].map((day) => {
      const id = `${round}${day}`;
      const location = plain(`days/${id}/0.parquet`);
      return [
        project.step("days", days(day)),
        { id, location, bytes: 10, dataVersion: `day ${day}` },
      ] as const;
    }),
  );
}

async function locations(project: TestProject, snapshot?: number): Promise<string[]> {
  const number = snapshot ?? (await project.head());
  const current = await project.state.catalog.current(project.scope, number, [project.asset("days").assetId]);
  return current.map(({ version }) => JSON.stringify(version.location));
}

const move = (id: string, index: number): LocationMove => ({
  versionId: id,
  from: plain(`days/${id}/0.parquet`),
  to: packed(index),
});

async function compact(project: TestProject, ...ids: readonly string[]) {
  const { state, scope } = project;
  await state.locations.intend(scope, "the-pack", hour);
  const moves = ids.map(move);
  return state.locations.rewrite(scope, { asset: "days", pack: "the-pack", bytes: 60, moves });
}

async function count(made: TestDatabase, from: string): Promise<number> {
  return Number((await made.execute(`select count(*) as n from ${from}`))[0]?.["n"]);
}

export function compactionContract(database: DatabaseUnderTest): void {
  suite(`compaction in ${database.name}`, () => {
    test("locations are rewritten without a new version or snapshot, and the head says so (N1)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const branch = await project.branch("branch");
      await threeDays(project);
      const { state, scope } = project;
      const before = await state.catalog.head(scope);
      const shown = await project.current(1);
      const ids = (await state.catalog.current(scope, 1)).map(({ version }) => version.id);
      assert.deepEqual(await compact(project, "d0", "d1", "d2"), { versions: 3, files: 3 });
      assert.deepEqual(await project.current(1), shown);
      assert.deepEqual(
        await locations(project),
        [0, 1, 2].map((index) => JSON.stringify(packed(index))),
      );
      assert.deepEqual(
        (await state.catalog.current(scope, 1)).map(({ version }) => version.id),
        ids,
      );
      const after = await state.catalog.head(scope);
      assert.deepEqual(after, { ...before, arrangement: before.arrangement + 1 });
      assert.equal((await state.catalog.head(branch.scope)).arrangement, after.arrangement);
      assert.deepEqual(await state.snapshots.resolve(scope, { by: "number", number: 1 }), after);
      const [event] = (await state.events.read(scope, { limit: 100 })).filter(
        ({ type }) => type === "asset.compacted",
      );
      assert.deepEqual(event?.data, { versions: 3, files: 3, bytes: 60 });
      assert.equal(event.asset, "days");
    });

    test("what was packed is removed a grace later, and a pack when the last of its versions goes (N1, N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await threeDays(project);
      await compact(project, "d0", "d1", "d2");
      assert.deepEqual(await removeFiles(project), []);
      await pass(made, 2 * hour);
      assert.deepEqual(
        await removeFiles(project),
        [0, 1, 2].map((day) => `days/d${day}/0.parquet`),
      );
      await project.materialize([
        project.step("days", days(0)),
        { id: "e0", location: plain("days/e0/0.parquet") },
      ]);
      await pass(made, 20 * hour);
      assert.deepEqual((await collect(project)).files, 0);
      const rest = [1, 2].map(
        (day) =>
          [
            project.step("days", days(day)),
            { id: `e${day}`, location: plain(`days/e${day}/0.parquet`) },
          ] as const,
      );
      await project.materialize(...rest);
      await pass(made, 20 * hour);
      assert.deepEqual((await collect(project)).files, 1);
      await pass(made, 2 * hour);
      assert.deepEqual(await removeFiles(project), [pack]);
      assert.equal(await count(made, "shared_file"), 0);
    });

    test("files of a run that was at work when they were packed wait for its end (N14, N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await threeDays(project);
      const run = await project.run([project.step("orders")], { leaseMs: 1000 * hour });
      await run.start(project.step("orders"));
      await pass(made, 1);
      await compact(project, "d0", "d1", "d2");
      await pass(made, 5 * hour);
      assert.deepEqual(await removeFiles(project), []);
      await run.end();
      assert.equal((await removeFiles(project)).length, 3);
    });

    test("a version that was condemned or rewritten meanwhile is left alone, and the others move (N1)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await threeDays(project);
      const { state, scope } = project;
      await project.materialize([
        project.step("days", days(0)),
        { id: "e0", location: plain("days/e0/0.parquet") },
      ]);
      await pass(made, 20 * hour);
      await collect(project);
      await state.locations.intend(scope, "other", hour);
      const other = plain({
        file: "days/other/0.parquet",
        from: 0,
        to: 10,
        bytes: 10,
        pack: { rows: 10, bytes: 10 },
      });
      const moves = [{ versionId: "d1", from: plain("days/d1/0.parquet"), to: other }];
      await state.locations.rewrite(scope, { asset: "days", pack: "other", bytes: 10, moves });
      assert.deepEqual(await compact(project, "d0", "d1", "d2"), { versions: 1, files: 1 });
      assert.deepEqual(await locations(project), [
        JSON.stringify(plain("days/e0/0.parquet")),
        JSON.stringify(other),
        JSON.stringify(packed(2)),
      ]);
      assert.deepEqual(await compact(project, "d0", "d1", "d2"), { versions: 0, files: 0 });
      assert.equal(await count(made, "intended_pack"), 0);
    });

    test("versions that have all of a location in common move together, so that their file can go (N1, N4)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await threeDays(project);
      const same = { location: plain("days/d1/0.parquet"), dataVersion: "day 1", bytes: 10 };
      await project.materialize([project.step("days", days(1)), { id: "again", ...same }]);
      const { state, scope } = project;
      await state.locations.intend(scope, "the-pack", hour);
      const moves = [move("d0", 0), { ...move("again", 1), from: same.location }, move("d2", 2)];
      assert.deepEqual(
        await state.locations.rewrite(scope, { asset: "days", pack: "the-pack", bytes: 60, moves }),
        {
          versions: 4,
          files: 3,
        },
      );
      const expected = [0, 1, 2].map((index) => JSON.stringify(packed(index)));
      assert.deepEqual(await locations(project, 1), expected);
      assert.deepEqual(await locations(project, 2), expected);
      await pass(made, 20 * hour);
      assert.equal((await collect(project)).files, 0, "the version of before goes, and the pack stays");
      await pass(made, 2 * hour);
      assert.equal((await removeFiles(project)).length, 3);
    });

    test("a run that found an equal result in the meantime keeps the file that it saw, and no longer than it needs it (N1, N4)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await threeDays(project);
      const step = project.step("days", days(1));
      const run = await project.run([step], { leaseMs: 1000 * hour });
      await run.start(step);
      await pass(made, 1);
      await compact(project, "d0", "d1", "d2");
      const location = plain("days/d1/0.parquet");
      await run.publish({ versionIds: [await run.make(step, { id: "again", location, bytes: 10 })] });
      await run.end();
      await pass(made, 5 * hour);
      assert.deepEqual(await removeFiles(project), ["days/d0/0.parquet", "days/d2/0.parquet"]);
      await project.materialize([step, { id: "e1", location: plain("days/e1/0.parquet") }]);
      await pass(made, 20 * hour);
      await collect(project);
      assert.deepEqual(await removeFiles(project), [], "who reads it has a grace of his own");
      await pass(made, 2 * hour);
      assert.deepEqual(await removeFiles(project), ["days/d1/0.parquet"]);
      assert.equal(await count(made, "shared_file where file <> 'days/the-pack/0.parquet'"), 0);
    });

    test("an intended pack is kept for as long as its writer may take, and lost after that (N2)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await threeDays(project);
      const { state, scope } = project;
      await state.locations.intend(scope, "the-pack", hour);
      assert.deepEqual([...(await state.retention.living(["the-pack", "no-pack"], hour))], ["the-pack"]);
      await pass(made, 0.9 * hour);
      await removeFiles(project);
      assert.deepEqual([...(await state.retention.living(["the-pack", "no-pack"], hour))], ["the-pack"]);
      await pass(made, 0.2 * hour);
      await removeFiles(project);
      assert.deepEqual([...(await state.retention.living(["the-pack"], hour))], []);
      const moves = ["d0", "d1", "d2"].map(move);
      assert.equal(
        await state.locations.rewrite(scope, { asset: "days", pack: "the-pack", bytes: 60, moves }),
        undefined,
      );
      assert.deepEqual((await locations(project)).length, 3);
      assert.equal((await state.catalog.head(scope)).arrangement, 0);
      await state.locations.intend(scope, "the-pack", hour);
      await state.locations.withdraw(scope, "the-pack");
      assert.deepEqual([...(await state.retention.living(["the-pack"], hour))], []);
    });

    test("of two that pack the same versions at once, one does (N1)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await threeDays(project);
      const others = await Promise.all([0, 1].map(async () => project.through(await made.open())));
      const done = await Promise.all(
        others.map(async ({ state, scope }, index) => {
          const own = `pack${index}`;
          await state.locations.intend(scope, own, hour);
          const moves = ["d0", "d1", "d2"].map((id, at) => {
            const rows = {
              file: `days/${own}/0.parquet`,
              from: at,
              to: at + 1,
              bytes: 10,
              pack: { rows: 3, bytes: 60 },
            };
            return { versionId: id, from: plain(`days/${id}/0.parquet`), to: plain(rows) };
          });
          return state.locations.rewrite(scope, { asset: "days", pack: own, bytes: 60, moves });
        }),
      );
      assert.deepEqual(
        done.map((each) => each?.versions ?? -1).sort((a, b) => a - b),
        [0, 3],
      );
      const files = (await locations(project)).map((text) => /pack\d/.exec(text)?.[0]);
      assert.equal(new Set(files).size, 1);
      assert.equal((await project.state.catalog.head(project.scope)).arrangement, 1);
    });
  });
}
