import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseSnapshotRef } from "../../../src/core/catalog/snapshot-ref.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { refused } from "./refusal.ts";
import { TestProject } from "./test-project.ts";

const me = { by: "ada", reason: "audit" };

export function snapshotsContract(database: DatabaseUnderTest): void {
  suite(`naming snapshots in ${database.name}`, () => {
    test("a number, a token and a name mean one snapshot, and nothing else does (N13)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("orders"), {}]);
      const { snapshots } = project.state;
      const find = async (text: string) =>
        (await snapshots.resolve(project.scope, parseSnapshotRef(text))).number;
      await snapshots.pin(project.scope, 1, { name: "good", ...me });
      const { epoch } = await project.state.catalog.head(project.scope);
      for (const text of ["1", "production@1", `production@${epoch}:1`, "good"])
        assert.equal(await find(text), 1);
      assert.equal(await find("0"), 0);
      await refused("SNAPSHOT_NOT_FOUND", find("2"));
      await refused("SNAPSHOT_NOT_FOUND", find("bad"));
      await refused("SNAPSHOT_NOT_FOUND", find("staging@1"));
      // Another history: its numbers mean something else.
      await refused("SNAPSHOT_GONE", find("production@another:1"));
    });

    test("a time means the newest snapshot until then, for ever, and never runs backwards (N13)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      for (let count = 0; count < 4; count += 1) await project.materialize([project.step("orders"), {}]);
      // Two in the same millisecond.
      for (const [number, at] of [
        [1, 1_000],
        [2, 2_000],
        [3, 2_000],
        [4, 3_000],
      ])
        await made.execute(`update snapshot set published_at = ${at} where number = ${number}`);
      const at = async (time: number) =>
        (await project.state.snapshots.resolve(project.scope, { by: "time", time })).number;
      const times = [0, 999, 1_000, 1_999, 2_000, 2_999, 3_000, 4_000];
      const found: number[] = [];
      for (const time of times) found.push(await at(time));
      assert.deepEqual(found, [0, 0, 1, 1, 3, 3, 4, 4]);
      await refused("SNAPSHOT_NOT_FOUND", at(Date.now() + 60_000));
    });

    test("a time between snapshots that are gone has no answer, rather than an older one (N13, N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      for (let count = 0; count < 4; count += 1) await project.materialize([project.step("orders"), {}]);
      await made.execute("update snapshot set published_at = number * 1000");
      await made.execute("delete from snapshot where number in (0, 2)");
      const at = async (time: number) =>
        (await project.state.snapshots.resolve(project.scope, { by: "time", time })).number;
      await refused("SNAPSHOT_GONE", at(500));
      await refused("SNAPSHOT_GONE", at(1_500));
      await refused("SNAPSHOT_GONE", at(2_500));
      assert.deepEqual([await at(3_500), await at(9_000)], [3, 4]);
      await refused("SNAPSHOT_GONE", project.state.snapshots.resolve(project.scope, parseSnapshotRef("2")));
    });

    test("a snapshot may have several names, each of which is unique, and gives them up (N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const other = await TestProject.open(project.state, undefined, { environment: "branch" });
      for (let count = 0; count < 2; count += 1) await project.materialize([project.step("orders"), {}]);
      const { snapshots } = project.state;
      await snapshots.pin(project.scope, 1, { name: "a", ...me });
      await snapshots.pin(project.scope, 1, { name: "a", ...me });
      await snapshots.pin(project.scope, 1, { name: "b", ...me });
      await snapshots.pin(other.scope, 0, { name: "a", ...me });
      const taken = await refused(
        "SNAPSHOT_NAME_TAKEN",
        snapshots.pin(project.scope, 2, { name: "a", ...me }),
      );
      assert.match(taken.message, /snapshot 1/);
      await refused("SNAPSHOT_NOT_FOUND", snapshots.pin(project.scope, 3, { name: "c", ...me }));
      const pinned = await snapshots.list(project.scope, { limit: 10, pinned: true });
      assert.deepEqual(
        pinned.map(({ number, pins }) => [number, pins.map(({ name, by, reason }) => [name, by, reason])]),
        [
          [
            1,
            [
              ["a", "ada", "audit"],
              ["b", "ada", "audit"],
            ],
          ],
        ],
      );
      await assert.rejects(made.execute("delete from snapshot where number = 1"));
      assert.equal(await snapshots.unpin(project.scope, "a", "ada"), 1);
      await refused("SNAPSHOT_NOT_FOUND", snapshots.unpin(project.scope, "a", "ada"));
      const events = (await project.state.events.read(project.scope, {})).map(({ type }) => type);
      assert.deepEqual(
        events.filter((type) => type.startsWith("snapshot")),
        ["snapshot.pinned", "snapshot.pinned", "snapshot.unpinned"],
      );
    });

    test("the list says what made each snapshot and what keeps it, a page at a time", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const orders = project.step("orders");
      await project.materialize([orders, {}]);
      await project.materialize([orders, {}]);
      const { assetId, spaceId } = project.asset("orders");
      const targets = [{ key: "orders", assetId, spaceId }];
      await project.state.holds.rollBack(project.scope, {
        targets,
        to: "earlier",
        by: "ada",
        reason: "bad\0",
      });
      const run = await project.run([orders]);
      const list = await project.state.snapshots.list(project.scope, { limit: 3 });
      assert.deepEqual(
        list.map(({ number, origin, actor, runs }) => [number, origin, actor, runs]),
        [
          [3, "rollback", "ada", 1],
          [2, "run", undefined, 0],
          [1, "run", undefined, 0],
        ],
      );
      assert.equal(list[0]?.reason, "bad\uFFFD");
      await run.end();
      const rest = await project.state.snapshots.list(project.scope, { limit: 3, before: 1 });
      assert.deepEqual(
        rest.map(({ number, origin, publishedAt }) => [number, origin, publishedAt]),
        [[0, "empty", 0]],
      );
    });
  });
}
