import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { aggregateDataVersion } from "../../../src/core/catalog/aggregate.ts";
import { parseSnapshotRef } from "../../../src/core/catalog/snapshot-ref.ts";
import { wholeRange } from "../../../src/core/partition/range.ts";
import type { DatabaseUnderTest, TestDatabase } from "./database-under-test.ts";
import { refused } from "./refusal.ts";
import { days, input, TestProject, unpartitioned } from "./test-project.ts";

const me = { by: "ada", reason: "audit" };

/** Orders and three days of `days`, in one version. */
async function shop(made: TestDatabase): Promise<TestProject> {
  const project = await TestProject.open(await made.open());
  await project.materialize(
    [project.step("orders"), { id: "o1", dataVersion: "o1" }],
    [project.step("days", days(0, 3)), { id: "d1", dataVersion: "d1", rowCount: 30 }],
  );
  return project;
}

async function shown(project: TestProject): Promise<string[]> {
  return project.current(await project.head());
}

async function versions(project: TestProject, key: string, limit = 100): Promise<string[]> {
  const { assetId } = project.asset(key);
  return (await project.state.catalog.versions(project.scope, assetId, limit)).map(({ id }) => id);
}

export function environmentsContract(database: DatabaseUnderTest): void {
  suite(`environments in ${database.name}`, () => {
    test("an environment shows its base as it was, and moves pointers of its own only (N11)", async (t) => {
      const made = await database.make(t);
      const main = await shop(made);
      const branch = await main.branch("pr-7");
      await main.materialize([main.step("orders"), { dataVersion: "o2" }]);
      assert.deepEqual(await shown(branch), ["days 0-3 d1", "orders 0-1 o1"]);
      await branch.materialize([branch.step("days", days(1)), { dataVersion: "b" }]);
      assert.deepEqual(await shown(branch), ["days 0-1 d1", "days 1-2 b", "days 2-3 d1", "orders 0-1 o1"]);
      assert.deepEqual(await shown(main), ["days 0-3 d1", "orders 0-1 o2"]);
      const rows = await made.execute(
        `select count(*) as count from pointer where environment_id = ${branch.scope.environmentId}`,
      );
      assert.equal(Number(rows[0]?.["count"]), 1, "nothing is copied");
    });

    test("an environment that is found again is based on what it was, through every generation (N11)", async (t) => {
      const main = await shop(await database.make(t));
      const child = await main.branch("child");
      await child.materialize([child.step("orders"), { dataVersion: "c" }]);
      const grandchild = await child.branch("grandchild");
      await child.materialize([child.step("orders"), { dataVersion: "later" }]);
      const found = await main.state.projects.find("shop", "grandchild");
      assert.deepEqual(found, grandchild.scope);
      assert.equal(found.base?.scope.base?.scope.environment, "production");
      assert.deepEqual(await main.state.projects.open("shop", "grandchild"), found);
      assert.deepEqual(await shown(grandchild), ["days 0-3 d1", "orders 0-1 c"]);
      assert.equal(await main.state.projects.find("shop", "nowhere"), undefined);
    });

    test("snapshots up to the base are those of the base, and the environment's own go on from it (N11, N13)", async (t) => {
      const main = await shop(await database.make(t));
      await main.materialize([main.step("orders"), { dataVersion: "o2" }]);
      await main.state.snapshots.pin(main.scope, 1, { name: "first", ...me });
      const branch = await main.branch("pr-7", 2);
      await main.materialize([main.step("orders"), { dataVersion: "o3" }]);
      await main.state.snapshots.pin(main.scope, 3, { name: "third", ...me });
      await branch.materialize([branch.step("orders"), { dataVersion: "b3" }]);
      const { snapshots, catalog } = branch.state;
      const at = async (text: string): Promise<string[]> =>
        branch.current((await snapshots.resolve(branch.scope, parseSnapshotRef(text))).number, ["orders"]);
      assert.deepEqual(
        [await at("1"), await at("2"), await at("3"), await at("first"), await at("pr-7@3")],
        [["orders 0-1 o1"], ["orders 0-1 o2"], ["orders 0-1 b3"], ["orders 0-1 o1"], ["orders 0-1 b3"]],
      );
      await refused("SNAPSHOT_NOT_FOUND", snapshots.resolve(branch.scope, parseSnapshotRef("third")));
      await refused("SNAPSHOT_NOT_FOUND", snapshots.resolve(branch.scope, parseSnapshotRef("4")));
      await refused("SNAPSHOT_OF_BASE", snapshots.pin(branch.scope, 1, { name: "mine", ...me }));
      await snapshots.pin(branch.scope, 2, { name: "mine", ...me });
      const listed = await snapshots.list(branch.scope, { limit: 10 });
      assert.deepEqual(
        listed.map(({ number, origin }) => `${number} ${origin}`),
        ["3 run", "2 branch", "1 run", "0 empty"],
      );
      const page = await snapshots.list(branch.scope, { limit: 2, before: 3 });
      assert.deepEqual(
        page.map(({ number }) => number),
        [2, 1],
      );
      assert.notEqual((await catalog.head(branch.scope)).epoch, (await catalog.head(main.scope)).epoch);
    });

    test("a time before the environment began is one of its base (N11, N13)", async (t) => {
      const made = await database.make(t);
      const main = await shop(made);
      await main.materialize([main.step("orders"), { dataVersion: "o2" }]);
      const branch = await main.branch("pr-7");
      await branch.materialize([branch.step("orders"), { dataVersion: "b3" }]);
      await made.execute("update snapshot set published_at = number * 1000");
      const at = async (time: number): Promise<number> =>
        (await branch.state.snapshots.resolve(branch.scope, { by: "time", time })).number;
      assert.deepEqual([await at(1500), await at(2500), await at(3500)], [1, 2, 3]);
    });

    test("what is retired in an environment is gone there, and only there (N11, N12)", async (t) => {
      const main = await shop(await database.make(t));
      const branch = await main.branch("pr-7");
      const retire = async (...keys: string[]): Promise<number> => {
        const run = await branch.run([]);
        const { snapshot } = await run.publish({
          versionIds: [],
          retire: keys.map((key) => branch.asset(key)),
        });
        await run.end();
        return snapshot;
      };
      assert.equal(await retire("days"), 2);
      assert.equal(await retire("days"), 2, "what is gone is not retired again");
      assert.deepEqual(await shown(branch), ["orders 0-1 o1"]);
      assert.equal((await branch.state.catalog.summaries(branch.scope, 2)).size, 1);
      assert.deepEqual(await branch.state.environments.ownAssets(branch.scope), [
        { key: "days", partitions: 0, hidden: 3 },
      ]);
      await branch.materialize([branch.step("days", days(1)), { dataVersion: "again" }]);
      assert.deepEqual(await shown(branch), ["days 1-2 again", "orders 0-1 o1"]);
      assert.deepEqual(await shown(main), ["days 0-3 d1", "orders 0-1 o1"]);
    });

    test("an asset whose partitioning changes in an environment begins anew there (N11, N12)", async (t) => {
      const main = await shop(await database.make(t));
      const branch = await main.branch("pr-7");
      const monthly = await TestProject.open(
        branch.state,
        { days: { identity: "time:month:UTC" } },
        { environment: "pr-7" },
      );
      await monthly.materialize([monthly.step("days", days(7)), { dataVersion: "m" }]);
      assert.deepEqual(await monthly.current(2, ["days"]), ["days 7-8 m"]);
      const summaries = await monthly.state.catalog.summaries(monthly.scope, 2);
      assert.equal(summaries.get(monthly.asset("days").assetId)?.partitions, 1);
      assert.deepEqual(await shown(main), ["days 0-3 d1", "orders 0-1 o1"]);
    });

    test("an environment goes back to what was before it, by place, version and snapshot (N11, N17)", async (t) => {
      const main = await shop(await database.make(t));
      await main.materialize([main.step("days", days(0, 3)), { id: "d2", dataVersion: "d2" }]);
      const branch = await main.branch("pr-7");
      await branch.materialize([branch.step("days", days(1)), { id: "b1", dataVersion: "b1" }]);
      const target = { key: "days", ...branch.asset("days") };
      const back = async (to: Parameters<typeof branch.state.holds.rollBack>[1]["to"]): Promise<string[]> => {
        await branch.state.holds.rollBack(branch.scope, { targets: [target], to, ...me });
        await branch.state.holds.release(branch.scope, { targets: [target], ...me });
        return branch.current(await branch.head(), ["days"]);
      };
      const earlier = await branch.state.catalog.earlier(branch.scope, branch.asset("days"));
      assert.deepEqual(
        earlier.map(({ range, version }) => `${range.from}-${range.to} ${version.id}`),
        ["0-1 d1", "1-2 d2", "2-3 d1"],
      );
      assert.deepEqual(await back("earlier"), ["days 0-1 d1", "days 1-2 d2", "days 2-3 d1"]);
      assert.deepEqual(await back({ snapshot: 1 }), ["days 0-1 d1", "days 1-2 d1", "days 2-3 d1"]);
      assert.deepEqual(await back({ versionId: "d2" }), ["days 0-3 d2"]);
      assert.deepEqual(await shown(main), ["days 0-3 d2", "orders 0-1 o1"]);
      await refused(
        "VERSION_NOT_FOUND",
        main.state.holds.rollBack(main.scope, {
          targets: [{ key: "days", ...main.asset("days") }],
          to: { versionId: "b1" },
          ...me,
        }),
      );
    });

    test("what a rollback leaves empty stays so when it is released, though the base has something there (N11, N17)", async (t) => {
      const main = await shop(await database.make(t));
      await main.materialize([main.step("days", days(3)), { dataVersion: "d2" }]);
      const branch = await main.branch("pr-7");
      const targets = [{ key: "days", ...branch.asset("days") }];
      const { holds } = branch.state;
      await holds.rollBack(branch.scope, { targets, to: { snapshot: 1 }, ...me });
      assert.deepEqual(await shown(branch), ["days 0-3 d1", "orders 0-1 o1"]);
      assert.equal((await holds.list(branch.scope)).length, 1);
      await holds.release(branch.scope, { targets, ...me });
      assert.equal((await holds.list(branch.scope)).length, 0);
      assert.deepEqual(await shown(branch), ["days 0-3 d1", "orders 0-1 o1"]);
      assert.deepEqual(await shown(main), ["days 0-3 d1", "days 3-4 d2", "orders 0-1 o1"]);
    });

    test("a hold binds the environment in which it was laid (N11, N17)", async (t) => {
      const main = await shop(await database.make(t));
      await main.materialize([main.step("orders"), { dataVersion: "o2" }]);
      const targets = [{ key: "orders", ...main.asset("orders") }];
      await main.state.holds.rollBack(main.scope, { targets, to: "earlier", ...me });
      const branch = await main.branch("fix");
      assert.deepEqual(await branch.state.holds.list(branch.scope), []);
      const [current] = await branch.state.catalog.current(branch.scope, await branch.head());
      assert.equal(current?.hold, undefined);
      const { held } = await branch.materialize([branch.step("orders"), { dataVersion: "fixed" }]);
      assert.deepEqual(held, []);
      assert.deepEqual(await branch.current(await branch.head(), ["orders"]), ["orders 0-1 fixed"]);
      assert.equal((await main.state.holds.list(main.scope)).length, 1);
    });

    test("a version that comes too late in an environment is superseded by what it shows there (N11, N15)", async (t) => {
      const assets = { source: unpartitioned, result: unpartitioned };
      const main = await TestProject.open(await (await database.make(t)).open(), assets);
      const digest = (data: string) => aggregateDataVersion([{ range: wholeRange, dataVersion: data }]);
      await main.materialize([main.step("source"), { dataVersion: "s1" }]);
      await main.materialize([main.step("source"), { dataVersion: "s2" }]);
      await main.materialize([main.step("result"), { inputs: [input("source", 2, digest("s2"))] }]);
      const branch = await main.branch("pr-7");
      const late = { id: "late", inputs: [input("source", 1, digest("s1"))] };
      assert.deepEqual((await branch.materialize([branch.step("result"), late])).superseded, ["late"]);
      await branch.materialize([branch.step("source"), { dataVersion: "s3" }]);
      const good = { id: "good", inputs: [input("source", 4, digest("s3"))] };
      assert.deepEqual((await branch.materialize([branch.step("result"), good])).published, ["good"]);
    });

    test("runs, identities and claims of an environment are its own (N11, N15)", async (t) => {
      const main = await shop(await database.make(t));
      const branch = await main.branch("pr-7");
      const step = main.step("orders");
      const [here, there] = [
        await main.run([step], { identity: "same" }),
        await branch.run([step], { identity: "same" }),
      ];
      await here.start(step);
      await there.start(step);
      const { runs } = main.state;
      assert.equal((await runs.latest(main.scope, "same"))?.id, here.id);
      assert.equal((await runs.latest(branch.scope, "same"))?.id, there.id);
    });

    test("the history of an asset goes back through the base, and not past it (N11)", async (t) => {
      const main = await shop(await database.make(t));
      await main.materialize([main.step("orders"), { id: "o2" }]);
      const run = await main.run([main.step("orders")]);
      await run.make(main.step("orders"), { id: "never published" });
      await run.end("canceled");
      const branch = await main.branch("pr-7", 2);
      await main.materialize([main.step("orders"), { id: "o3" }]);
      await branch.materialize([branch.step("orders"), { id: "b1" }]);
      const grandchild = await branch.branch("pr-8");
      await branch.materialize([branch.step("orders"), { id: "b2" }]);
      await grandchild.materialize([grandchild.step("orders"), { id: "g1" }]);
      assert.deepEqual(await versions(branch, "orders"), ["b2", "b1", "o2", "o1"]);
      assert.deepEqual(await versions(grandchild, "orders"), ["g1", "b1", "o2", "o1"]);
      assert.deepEqual(await versions(grandchild, "orders", 3), ["g1", "b1", "o2"]);
      const page = await grandchild.state.catalog.versions(
        grandchild.scope,
        grandchild.asset("orders").assetId,
        2,
        { before: "b1" },
      );
      assert.deepEqual(
        page.map(({ id }) => id),
        ["o2", "o1"],
      );
    });

    test("of an external asset it knows what its parent had seen when it began, until it looks itself (N11, N25)", async (t) => {
      const main = await shop(await database.make(t));
      const { observations } = main.state;
      const { assetId } = main.asset("orders");
      const see = (project: TestProject, dataVersion: string): Promise<void> =>
        observations.record(project.scope, {
          assetId,
          asset: "orders",
          dataVersion,
          mark: dataVersion,
          observedAt: 1,
        });
      const seen = async (project: TestProject): Promise<string | undefined> =>
        (await observations.latest(project.scope, [assetId])).get(assetId)?.dataVersion;
      const blind = await main.branch("blind");
      await see(main, "x1");
      const branch = await main.branch("pr-7");
      await see(main, "x2");
      assert.deepEqual([await seen(main), await seen(branch), await seen(blind)], ["x2", "x1", undefined]);
      await see(branch, "x3");
      assert.deepEqual([await seen(main), await seen(branch), await seen(blind)], ["x2", "x3", undefined]);
    });

    test("a name is taken once, and is free when its environment is dropped (N11)", async (t) => {
      const main = await shop(await database.make(t));
      const branch = await main.branch("pr-7");
      await refused("ENVIRONMENT_EXISTS", main.branch("pr-7"));
      await refused("ENVIRONMENT_EXISTS", main.branch("production"));
      await refused("SNAPSHOT_NOT_FOUND", main.branch("pr-8", 9));
      await main.state.environments.drop(branch.scope);
      const again = await main.branch("pr-7");
      assert.notEqual(again.scope.environmentId, branch.scope.environmentId);
      await refused("ENVIRONMENT_NOT_FOUND", branch.run([]));
      await refused("ENVIRONMENT_NOT_FOUND", main.state.environments.drop(branch.scope));
      await refused("ENVIRONMENT_NOT_FOUND", branch.branch("pr-9"));
    });

    test("an environment is listed with what it is based on and what it has of its own (N11)", async (t) => {
      const main = await shop(await database.make(t));
      const branch = await main.branch("pr-7");
      await branch.branch("pr-8", 0);
      await branch.materialize([branch.step("days", days(1)), {}]);
      const run = await branch.run([branch.step("orders")]);
      const listed = await main.state.environments.list(main.scope);
      assert.deepEqual(
        listed.map(({ name, base, snapshot, ownAssets, runs, children }) => [
          name,
          base,
          snapshot,
          ownAssets,
          runs,
          children,
        ]),
        [
          ["production", undefined, 1, 2, 0, ["pr-7", "pr-8"]],
          ["pr-7", { environment: "production", snapshot: 1 }, 2, 1, 1, []],
          ["pr-8", { environment: "production", snapshot: 0 }, 0, 0, 0, []],
        ],
      );
      await run.end();
    });

    test("an environment with runs at work, with others based on it, or without a base is not dropped (N11)", async (t) => {
      const made = await database.make(t);
      const main = await shop(made);
      const child = await main.branch("child");
      const grandchild = await child.branch("grandchild");
      const { environments } = main.state;
      assert.match((await refused("ENVIRONMENT_IN_USE", environments.drop(main.scope))).message, /began/);
      assert.match(
        (await refused("ENVIRONMENT_IN_USE", environments.drop(child.scope))).message,
        /grandchild/,
      );
      await environments.drop(grandchild.scope);
      const run = await child.run([child.step("orders")], { id: "0123456789" });
      await run.start(child.step("orders"));
      assert.match((await refused("ENVIRONMENT_IN_USE", environments.drop(child.scope))).message, /01234567/);
      await made.execute("update run set lease_expires_at = 1 where ended_at is null");
      await environments.drop(child.scope);
      await refused("RUN_LOST", run.publish({ versionIds: [] }));
      assert.deepEqual(
        (await environments.list(main.scope)).map(({ name }) => name),
        ["production"],
      );
    });

    test("what is counted of an asset counts what shows through (N10, N11)", async (t) => {
      const main = await shop(await database.make(t));
      const branch = await main.branch("pr-7");
      await branch.materialize([branch.step("days", days(5)), { dataVersion: "b", rowCount: 1 }]);
      const { assetId, spaceId } = branch.asset("days");
      const summaries = await branch.state.catalog.summaries(branch.scope, 2);
      assert.deepEqual(summaries.get(assetId), {
        spaceId,
        dataVersion: aggregateDataVersion([
          { range: days(0, 3), dataVersion: "d1" },
          { range: days(5), dataVersion: "b" },
        ]),
        partitions: 4,
        rowCount: 31,
      });
    });

    test("the count of rows stays right where the base lets go of a part of what it holds (N10, N11, N17)", async (t) => {
      const main = await shop(await database.make(t));
      const { assetId, spaceId } = main.asset("days");
      await main.materialize([main.step("days", days(0, 3)), { dataVersion: "d2", rowCount: 50 }]);
      const target = { key: "days", assetId, spaceId };
      await main.state.holds.rollBack(main.scope, { targets: [target], to: "earlier", ...me });
      // One that has counted what it shows, and one that has not yet.
      const [early, late] = [await main.branch("early"), await main.branch("late")];
      await early.materialize([early.step("days", days(5)), { rowCount: 1 }]);
      // The base goes on, so that what it counted when they began is history.
      await main.materialize([main.step("days", days(7)), { rowCount: 7 }]);
      await main.state.holds.release(main.scope, { targets: [{ ...target, ranges: [days(0)] }], ...me });
      for (const [branch, rowCount] of [
        [early, 61],
        [late, 60],
      ] as const) {
        await branch.materialize([branch.step("days", days(0, 3)), { rowCount: 60 }]);
        const summaries = await branch.state.catalog.summaries(branch.scope, await branch.head());
        assert.equal(summaries.get(assetId)?.rowCount, rowCount, branch.scope.environment);
      }
    });

    test("what checks have said is shown as its base had it, and then as it was asked there (N11, N23)", async (t) => {
      const main = await shop(await database.make(t));
      const { assetId } = main.asset("orders");
      const ask = (project: TestProject, description: string): Promise<void> =>
        project.state.evaluations.record(project.scope, [
          {
            asset: "orders",
            versionId: "o1",
            check: "looks right",
            scope: "asset",
            passed: true,
            blocking: true,
            severity: "error",
            description,
            reads: [],
            evaluatedAt: 1,
          },
        ]);
      const said = async ({ state, scope }: TestProject, limit = 10) => {
        const history = await state.evaluations.history(scope, assetId, "looks right", limit);
        return history.map(({ description }) => description);
      };
      const shownOf = async ({ state, scope }: TestProject) =>
        (await state.catalog.evaluations(scope, ["o1"])).map(({ description }) => description);
      await ask(main, "before");
      const child = await main.branch("child");
      await ask(main, "after");
      await ask(child, "in the child");
      const grandchild = await child.branch("grandchild");
      await ask(child, "too late");
      assert.deepEqual(await said(main), ["after", "before"]);
      assert.deepEqual(await said(child), ["too late", "in the child", "before"]);
      assert.deepEqual(await said(grandchild), ["in the child", "before"]);
      assert.deepEqual(await said(grandchild, 1), ["in the child"]);
      assert.deepEqual(await shownOf(main), ["before", "after"]);
      assert.deepEqual(await shownOf(child), ["before", "in the child", "too late"]);
      assert.deepEqual(await shownOf(grandchild), ["before", "in the child"]);
      const found = await main.state.projects.find("shop", "grandchild");
      assert.deepEqual(found, grandchild.scope);
    });

    test("a report that its base has had is that report again; a later one of the base is another (N11, N25)", async (t) => {
      const main = await shop(await database.make(t));
      const { assetId } = main.asset("orders");
      const report = (project: TestProject, idempotencyKey: string, dataVersion: string) =>
        project.state.observations.report(project.scope, {
          asset: "orders",
          assetId,
          dataVersion,
          by: "loader",
          idempotencyKey,
        });
      await report(main, "k1", "x1");
      const branch = await main.branch("pr-7");
      await report(main, "k2", "x2");
      const again = await report(branch, "k1", "x1");
      assert.deepEqual([again.repeated, again.record.dataVersion], [true, "x1"]);
      await refused("REPORT_CONFLICT", report(branch, "k1", "other"));
      const own = await report(branch, "k2", "x3");
      assert.deepEqual([own.repeated, own.record.dataVersion], [false, "x3"]);
    });
  });
}
