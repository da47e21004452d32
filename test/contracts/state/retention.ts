import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Location } from "../../../src/core/catalog/version.ts";
import type { DatabaseUnderTest, TestDatabase } from "./database-under-test.ts";
import { collect, hour, pass, removeFiles as remove, retention } from "./hand-clock.ts";
import { refused } from "./refusal.ts";
import { days, TestProject } from "./test-project.ts";

const me = { by: "ada", reason: "audit" };

function filed(id: string, ...more: readonly string[]): { id: string; location: Location; bytes: number } {
  return { id, location: { store: "here", files: [...more, `a/${id}/0.parquet`] }, bytes: 10 };
}

async function count(made: TestDatabase, from: string): Promise<number> {
  return Number((await made.execute(`select count(*) as n from ${from}`))[0]?.["n"]);
}

export function retentionContract(database: DatabaseUnderTest): void {
  suite(`retention in ${database.name}`, () => {
    test("a snapshot is readable for the retention from when it was replaced, then gone, and the current one always stays (N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await project.materialize([project.step("orders"), { ...filed("v1"), dataVersion: "one" }]);
      await pass(made, 100 * hour);
      await project.materialize([project.step("orders"), { ...filed("v2"), dataVersion: "two" }]);
      await pass(made, 9 * hour);
      // Current until nine hours ago, however long before that it was published.
      assert.equal((await collect(project)).versions, 0);
      assert.deepEqual(await project.current(1), ["orders 0-1 one"]);
      await pass(made, 2 * hour);
      const preview = await project.state.retention.preview(project.scope, retention);
      const collected = await collect(project);
      assert.deepEqual(collected, { snapshots: 1, versions: 1, files: 1, bytes: 10 });
      assert.deepEqual(preview, collected);
      await refused("SNAPSHOT_GONE", project.current(1));
      await refused("SNAPSHOT_GONE", project.state.catalog.summaries(project.scope, 1));
      assert.deepEqual(await project.current(2), ["orders 0-1 two"]);
      await pass(made, 100 * hour);
      assert.equal((await collect(project)).versions, 0);
      assert.deepEqual(await project.current(2), ["orders 0-1 two"]);
    });

    test("what is condemned is removed a grace later, not before; provenance stays (N18, N33)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await project.materialize([project.step("orders"), filed("v1")]);
      await project.materialize([project.step("orders"), filed("v2")]);
      await pass(made, 11 * hour);
      await collect(project);
      assert.deepEqual(await remove(project), []);
      assert.equal(await count(made, "pointer"), 2, "who began to read before may go on");
      await pass(made, 0.9 * hour);
      assert.deepEqual(await remove(project), []);
      await pass(made, 0.2 * hour);
      assert.deepEqual(await remove(project), ["a/v1/0.parquet"]);
      assert.equal(await count(made, "pointer"), 1);
      assert.equal(await count(made, "asset_aggregate"), 1);
      const version = await project.state.catalog.version("v1");
      assert.equal(version?.codeVersion, "code 1");
      assert.equal(version.location, undefined);
      assert.deepEqual(await remove(project), []);
    });

    test("a name keeps a snapshot with all that it reads, until it is given up (N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const { state, scope } = project;
      for (const id of ["v1", "v2", "v3"])
        await project.materialize([project.step("orders"), { ...filed(id), dataVersion: id }]);
      await state.snapshots.pin(scope, 2, { name: "good", ...me });
      await pass(made, 20 * hour);
      assert.equal((await collect(project)).versions, 1);
      assert.deepEqual(await project.current(2), ["orders 0-1 v2"]);
      await pass(made, 20 * hour);
      assert.deepEqual(await remove(project), ["a/v1/0.parquet"]);
      assert.deepEqual(await project.current(2), ["orders 0-1 v2"]);
      await refused("SNAPSHOT_GONE", state.snapshots.pin(scope, 1, { name: "old", ...me }));
      await state.snapshots.unpin(scope, "good", "ada");
      assert.equal((await collect(project)).versions, 1);
      await pass(made, 2 * hour);
      assert.deepEqual(await remove(project), ["a/v2/0.parquet"]);
    });

    test("a run that has not ended keeps the snapshot that it reads, and what it has staged (N14, N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await project.materialize([project.step("orders"), { ...filed("v1"), dataVersion: "v1" }]);
      const run = await project.run([project.step("days", days(1))], { leaseMs: 1000 * hour });
      await run.make(project.step("days", days(1)), filed("s1"));
      await project.materialize([project.step("orders"), filed("v2")]);
      await pass(made, 20 * hour);
      assert.deepEqual(await collect(project), { snapshots: 1, versions: 0, files: 0, bytes: 0 });
      assert.deepEqual(await project.current(1), ["orders 0-1 v1"]);
      await run.end("canceled");
      await pass(made, 0);
      const collected = await collect(project);
      assert.deepEqual([collected.snapshots, collected.versions], [1, 2]);
      const { token } = (await project.state.runs.get(project.scope, run.id)) ?? assert.fail();
      const owner = { host: "here", pid: 1, processStart: "" };
      await refused("RUN_EXPIRED", project.state.runs.takeOver(project.scope, run.id, token, owner, hour));
    });

    test("the snapshot that an environment is based on stays (N11, N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await project.materialize([project.step("orders"), { ...filed("v1"), dataVersion: "v1" }]);
      await project.materialize([project.step("orders"), filed("v2")]);
      const branch = await project.branch("branch", 1);
      await pass(made, 20 * hour);
      assert.equal((await collect(project)).versions, 0);
      assert.deepEqual(await project.current(1), ["orders 0-1 v1"]);
      assert.deepEqual(await branch.current(1), ["orders 0-1 v1"]);
    });

    test("what only a dropped environment needed goes with the next collection, and nothing of others (N11, N18)", async (t) => {
      const made = await database.make(t);
      const main = await TestProject.open(await made.open());
      await main.materialize([main.step("orders"), { ...filed("v1"), dataVersion: "v1" }]);
      const branch = await main.branch("branch");
      await branch.materialize([branch.step("orders"), filed("b1")]);
      await branch.materialize([branch.step("orders"), filed("b2", "a/v1/0.parquet")]);
      const run = await branch.run([branch.step("days", days(1))]);
      await run.make(branch.step("days", days(1)), filed("staged"));
      await run.end("canceled");
      const { state } = main;
      assert.equal((await collect(main)).versions, 0);
      await state.environments.drop(branch.scope);
      const preview = await state.retention.preview(main.scope, retention);
      const collected = await collect(main);
      assert.deepEqual(collected, { snapshots: 3, versions: 3, files: 3, bytes: 25 });
      assert.deepEqual(preview, collected);
      assert.deepEqual(await collect(main), { snapshots: 0, versions: 0, files: 0, bytes: 0 });
      await refused("SNAPSHOT_GONE", branch.current(2));
      await pass(made, 2 * hour);
      assert.deepEqual(await remove(main), ["a/b1/0.parquet", "a/b2/0.parquet", "a/staged/0.parquet"]);
      assert.deepEqual(await main.current(1), ["orders 0-1 v1"]);
      const { environmentId } = branch.scope;
      assert.equal(await count(made, `pointer where environment_id = ${environmentId}`), 0);
      assert.equal(await count(made, `asset_aggregate where environment_id = ${environmentId}`), 0);
      assert.equal(await count(made, `version where environment_id = ${environmentId}`), 3);
    });

    test("what an environment was rolled back to stays, though its base no longer keeps it (N11, N17, N18)", async (t) => {
      const made = await database.make(t);
      const main = await TestProject.open(await made.open());
      await main.materialize([main.step("orders"), { ...filed("v1"), dataVersion: "v1" }]);
      await main.materialize([main.step("orders"), filed("v2")]);
      const branch = await main.branch("branch");
      const targets = [{ key: "orders", ...branch.asset("orders") }];
      await branch.state.holds.rollBack(branch.scope, { targets, to: "earlier", ...me });
      await pass(made, 20 * hour);
      assert.deepEqual([(await collect(main)).versions, (await collect(branch)).versions], [0, 0]);
      await refused("SNAPSHOT_GONE", branch.current(1));
      assert.deepEqual(await branch.current(3), ["orders 0-1 v1"]);
      await branch.state.environments.drop(branch.scope);
      assert.equal((await collect(main)).versions, 1);
    });

    test("an environment is not based on a snapshot of which something is gone (N11, N18)", async (t) => {
      const made = await database.make(t);
      const main = await TestProject.open(await made.open());
      const { assetId } = main.asset("days");
      for (const id of ["1", "2"]) {
        await main.materialize(
          [main.step("orders"), filed(`o${id}`)],
          [main.step("days", days(1)), filed(`d${id}`)],
        );
      }
      await pass(made, 5 * hour);
      await collect(main, { ...retention, keepMsOf: new Map([[assetId, hour]]) });
      await refused("SNAPSHOT_GONE", main.branch("branch", 1));
      assert.deepEqual((await main.state.environments.list(main.scope)).length, 1);
    });

    test("files that a living version shares are never removed; the last one that lets go dooms them (N1)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const step = project.step("orders");
      await project.materialize([step, filed("v1")]);
      await project.materialize([step, filed("v2", "a/v1/0.parquet")]);
      await project.materialize([step, { id: "v3", location: { store: "here", files: ["a/v1/0.parquet"] } }]);
      await project.materialize([step, filed("v4")]);
      const { state, scope } = project;
      await state.snapshots.pin(scope, 3, { name: "third", ...me });
      await pass(made, 20 * hour);
      assert.deepEqual((await collect(project)).files, 1);
      await pass(made, 2 * hour);
      assert.deepEqual(await remove(project), ["a/v2/0.parquet"]);
      await state.snapshots.unpin(scope, "third", "ada");
      assert.deepEqual((await collect(project)).files, 1);
      await pass(made, 2 * hour);
      assert.deepEqual(await remove(project), ["a/v1/0.parquet"]);
      assert.equal(await count(made, "shared_file"), 0);
    });

    test("an asset may be kept for a shorter time than others, and one for longer keeps its snapshots (N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const { state, scope } = project;
      const { assetId } = project.asset("days");
      for (const id of ["1", "2"]) {
        await project.materialize(
          [project.step("orders"), { ...filed(`o${id}`), dataVersion: `o${id}` }],
          [project.step("days", days(1)), { ...filed(`d${id}`), dataVersion: `d${id}` }],
        );
      }
      await state.snapshots.pin(scope, 0, { name: "empty", ...me });
      await pass(made, 8 * hour);
      const shorter = { ...retention, keepMsOf: new Map([[assetId, 5 * hour]]) };
      assert.equal((await collect(project, shorter)).versions, 1);
      await refused("SNAPSHOT_GONE", project.current(1, ["days"]));
      await refused("SNAPSHOT_GONE", project.current(1));
      assert.deepEqual(await project.current(1, ["orders"]), ["orders 0-1 o1"]);
      assert.deepEqual(await project.current(2), ["days 1-2 d2", "orders 0-1 o2"]);
      assert.deepEqual(await project.current(0), []);
      await pass(made, 8 * hour);
      // Now the other way round: orders is gone, days (pinned by nobody) was gone before.
      const longer = { ...retention, keepMsOf: new Map([[assetId, 100 * hour]]) };
      assert.equal((await collect(project, longer)).versions, 1);
      await refused("SNAPSHOT_GONE", project.current(1, ["orders"]));
    });

    test("what was rejected, superseded or left staged goes with the retention, and what was abandoned at once (N2)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const [step, other, third] = [1, 2, 3].map((day) => project.step("days", days(day)));
      if (step === undefined || other === undefined || third === undefined) assert.fail();
      const run = await project.run([step, other, third]);
      await run.make(step, filed("left"));
      await run.make(other, filed("bad"));
      await run.apply({
        change: "version.rejected",
        step: other.key,
        asset: "days",
        versionId: "bad",
        reason: "no",
      });
      await run.start(third);
      await run.apply({
        change: "version.intended",
        step: third.key,
        asset: "days",
        versionId: "begun",
        kind: "table",
      });
      assert.equal((await collect(project, { ...retention, keepMs: 0 })).versions, 0, "the run is at work");
      await run.end("failure");
      assert.equal((await collect(project)).versions, 1);
      const living = await project.state.retention.living(["left", "bad", "begun", "never"], 0);
      assert.deepEqual([...living].sort(), ["bad", "left"]);
      await pass(made, 11 * hour);
      assert.equal((await collect(project)).versions, 2);
      await pass(made, 2 * hour);
      assert.deepEqual(await remove(project), ["a/bad/0.parquet", "a/left/0.parquet"]);
    });

    test("what waits behind a hold stays until it is released (N17)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const { state, scope } = project;
      const target = { key: "orders", ...project.asset("orders") };
      await project.materialize([project.step("orders"), filed("v1")]);
      await project.materialize([project.step("orders"), filed("v2")]);
      await state.holds.rollBack(scope, { targets: [target], to: { snapshot: 1 }, ...me });
      await project.materialize([project.step("orders"), filed("v3")]);
      await pass(made, 50 * hour);
      // v2 is of the past; v1 is current, v3 waits.
      assert.equal((await collect(project)).versions, 1);
      await refused(
        "VERSION_GONE",
        state.holds.rollBack(scope, { targets: [target], to: { versionId: "v2" }, ...me }),
      );
      const released = await state.holds.release(scope, { targets: [target], publish: true, ...me });
      assert.deepEqual(released.published, ["v3"]);
    });

    test("files wait for a run that was at work when they were doomed, and may have read their names (N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await project.materialize([project.step("orders"), filed("v1")]);
      await project.materialize([project.step("orders"), filed("v2")]);
      const run = await project.run([project.step("days", days(1))], { leaseMs: 1000 * hour });
      await pass(made, 20 * hour);
      await collect(project);
      await pass(made, 5 * hour);
      assert.deepEqual(await remove(project), []);
      await run.end();
      assert.deepEqual(await remove(project), ["a/v1/0.parquet"]);
    });

    test("two that collect at once doom every file once, and leave none (N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const steps = Array.from({ length: 40 }, (_, day) => project.step("days", days(day)));
      for (const round of ["a", "b"]) {
        await project.materialize(
          ...steps.map((step, index) => {
            const shared = index % 2 === 1 ? [`a/${round}${index - 1}/0.parquet`] : [];
            return [step, filed(`${round}${index}`, ...shared)] as const;
          }),
        );
      }
      await pass(made, 20 * hour);
      const others = await Promise.all([made.open(), made.open(), made.open()]);
      const all = await Promise.all(others.map((state) => collect(project.through(state))));
      assert.equal(
        all.reduce((sum, { versions }) => sum + versions, 0),
        40,
      );
      assert.equal(await count(made, "doomed_file"), 40);
      await pass(made, 2 * hour);
      const removed = await Promise.all(others.map((state) => remove(project.through(state))));
      assert.equal(new Set(removed.flat()).size, 40);
      assert.equal(await count(made, "pointer"), 40);
    });
  });
}
