import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { aggregateDataVersion } from "../../../src/core/catalog/aggregate.ts";
import type { StagedVersion } from "../../../src/ports/state/run-store.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { daily, days, input, longLease, owner, TestProject, unpartitioned } from "./test-project.ts";

const me = { by: "ada", reason: "bad rows" };

/** A version that adds to another one, or to nothing; its data tells of which rows it is made. */
function on(base: string | undefined, id: string): Partial<StagedVersion> {
  const data = `${base ?? ""}${id}`;
  return { id: data, dataVersion: data, base: base === undefined ? {} : { version: base, rowCount: 1 } };
}

export function appendingContract(database: DatabaseUnderTest): void {
  suite(`appending in ${database.name}`, () => {
    test("N5: a version records what it goes on from, also that this was nothing", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const log = project.step("orders");
      await project.materialize([log, on(undefined, "a")]);
      await project.materialize([log, on("a", "b")]);
      await project.materialize([log, { id: "all anew" }]);
      const { catalog } = project.state;
      assert.deepEqual((await catalog.version("a"))?.base, {});
      assert.deepEqual((await catalog.version("ab"))?.base, { version: "a", rowCount: 1 });
      assert.equal((await catalog.version("all anew"))?.base, undefined);
    });

    test("N9: a run keeps that it makes all rows anew, for whoever goes on with it", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { runs } = project.state;
      const { scope } = project;
      const run = { identity: "i", basis: "b", selection: "*", trigger: "test", tags: {}, steps: [] };
      await runs.create(scope, { ...run, id: "anew", fullRefresh: true }, owner, longLease);
      await runs.create(scope, { ...run, id: "more" }, owner, longLease);
      assert.equal((await runs.get(scope, "anew"))?.fullRefresh, true);
      assert.equal((await runs.get(scope, "more"))?.fullRefresh, undefined);
    });

    test("N15: of two runs that append to the same version the second is superseded, forced or not", async (t) => {
      for (const force of [false, true]) {
        const project = await TestProject.open(await (await database.make(t)).open());
        const log = project.step("orders");
        await project.materialize([log, on(undefined, "a")]);
        const late = await project.run([log]);
        await project.materialize([log, on("a", "b")]);
        const versionId = await late.make(log, on("a", "c"));
        const result = await late.publish({ versionIds: [versionId], force });
        assert.deepEqual(result, { snapshot: 2, published: [], superseded: ["ac"], held: [] });
        assert.deepEqual(await late.publish({ versionIds: [versionId], force }), result);
        assert.deepEqual(await project.current(2), ["orders 0-1 ab"]);
        const version = await project.state.catalog.version("ac");
        assert.equal(version?.stateReason, "appended to a version that is not current");
      }
    });

    test("N15: two first runs do not take each other's rows away", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const log = project.step("orders");
      const late = await project.run([log]);
      await project.materialize([log, on(undefined, "a")]);
      const versionId = await late.make(log, on(undefined, "b"));
      assert.deepEqual((await late.publish({ versionIds: [versionId] })).superseded, ["b"]);
      assert.deepEqual(await project.current(1), ["orders 0-1 a"]);
    });

    test("N15: what was made from a version that stays behind, or beside it, stays behind with it", async (t) => {
      const assets = {
        log: unpartitioned,
        beside: unpartitioned,
        below: unpartitioned,
        apart: unpartitioned,
      };
      const project = await TestProject.open(await (await database.make(t)).open(), assets);
      const [log, below, apart] = [project.step("log"), project.step("below"), project.step("apart")];
      const beside = { ...log, outputs: [...log.outputs, ...project.step("beside").outputs] };
      const late = await project.run([beside, below, apart]);
      await project.materialize([log, on(undefined, "a")]);
      await late.make(beside, on(undefined, "b"));
      const version = { id: "sibling", dataVersion: "s", kind: "value", location: { inline: "1" } } as const;
      await late.apply({
        change: "version.staged",
        step: log.key,
        asset: "beside",
        version: { ...version, bytes: 1, codeVersion: "1", inputs: [], metadata: {} },
      });
      const read = aggregateDataVersion([{ range: log.range, dataVersion: "b" }]);
      await late.make(below, { id: "reader", inputs: [input("log", 0, read)] });
      await late.make(apart, { id: "other" });
      const { published, superseded } = await late.publish({
        versionIds: ["b", "sibling", "reader", "other"],
        force: true,
      });
      assert.deepEqual([published, superseded.toSorted()], [["other"], ["b", "reader", "sibling"]]);
      assert.equal(
        (await project.state.catalog.version("reader"))?.stateReason,
        "made from log, which was appended to a version that is not current",
      );
    });

    test("N15: each partition goes on from its own version", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const [first, second] = [project.step("days", days(1)), project.step("days", days(2))];
      await project.materialize([first, on(undefined, "a")]);
      const late = await project.run([first, second]);
      await project.materialize([second, on(undefined, "b")]);
      const going = await late.make(first, on("a", "c"));
      const staying = await late.make(second, on(undefined, "d"));
      const { published, superseded } = await late.publish({ versionIds: [going, staying] });
      assert.deepEqual([published, superseded], [["ac"], ["d"]]);
      assert.deepEqual(await project.current(3), ["days 1-2 ac", "days 2-3 b"]);
    });

    test("N15: where a part of the base is no longer current, nothing is appended to it", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const week = project.step("days", days(0, 7));
      await project.materialize([week, on(undefined, "a")]);
      const late = await project.run([week]);
      await project.materialize([project.step("days", days(3)), { id: "one day" }]);
      const versionId = await late.make(week, on("a", "b"));
      assert.deepEqual((await late.publish({ versionIds: [versionId] })).superseded, ["ab"]);
    });

    test("N17: after a rollback in mid-run the rows that it took away do not come back", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { state, scope } = project;
      const log = project.step("orders");
      const targets = [{ key: "orders", ...project.asset("orders") }];
      await project.materialize([log, on(undefined, "a")]);
      await project.materialize([log, on("a", "b")]);
      const late = await project.run([log]);
      await state.holds.rollBack(scope, { targets, to: "earlier", ...me });
      const versionId = await late.make(log, on("ab", "c"));
      assert.deepEqual((await late.publish({ versionIds: [versionId] })).held, ["abc"]);
      await late.end();
      const released = await state.holds.release(scope, { targets, ...me, publish: true });
      assert.deepEqual([released.published, released.superseded], [[], ["abc"]]);
      assert.deepEqual(await project.current(await project.head()), ["orders 0-1 a"]);
    });

    test("N17: what was appended to a held version is published by its release", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { state, scope } = project;
      const log = project.step("orders");
      const targets = [{ key: "orders", ...project.asset("orders") }];
      await project.materialize([log, on(undefined, "a")]);
      await project.materialize([log, on("a", "b")]);
      await state.holds.rollBack(scope, { targets, to: "earlier", ...me });
      assert.deepEqual((await project.materialize([log, on("a", "c")])).held, ["ac"]);
      const released = await state.holds.release(scope, { targets, ...me, publish: true });
      assert.deepEqual(released.published, ["ac"]);
      assert.deepEqual(await project.current(await project.head()), ["orders 0-1 ac"]);
    });

    test("N11: an environment goes on from what shows through from its base", async (t) => {
      const main = await TestProject.open(await (await database.make(t)).open());
      const log = main.step("orders");
      await main.materialize([log, on(undefined, "a")]);
      const branch = await main.branch("pr");
      await main.materialize([log, on("a", "b")]);
      assert.deepEqual((await branch.materialize([log, on("a", "c")])).published, ["ac"]);
      assert.deepEqual((await branch.materialize([log, on("ac", "d")])).published, ["acd"]);
      assert.deepEqual((await branch.materialize([log, on(undefined, "e")])).superseded, ["e"]);
      assert.deepEqual(await branch.current(await branch.head()), ["orders 0-1 acd"]);
      assert.deepEqual(await main.current(await main.head()), ["orders 0-1 ab"]);
    });

    test("N12: what has left the code is not gone on from", async (t) => {
      const assets = { orders: unpartitioned, days: daily };
      const project = await TestProject.open(await (await database.make(t)).open(), assets);
      const log = project.step("orders");
      await project.materialize([log, on(undefined, "a")]);
      const late = await project.run([log]);
      await (await project.run([])).publish({ versionIds: [], retire: [project.asset("orders")] });
      const versionId = await late.make(log, on("a", "b"));
      assert.deepEqual((await late.publish({ versionIds: [versionId] })).superseded, ["ab"]);
      await late.end();
      assert.deepEqual((await project.materialize([log, on(undefined, "c")])).published, ["c"]);
    });
  });
}
