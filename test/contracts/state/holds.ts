import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { aggregateDataVersion } from "../../../src/core/catalog/aggregate.ts";
import type { ReleaseRequest, RollbackRequest } from "../../../src/ports/state/hold-store.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { lateRun } from "./late-run.ts";
import { refused } from "./refusal.ts";
import { days, input, staged, TestProject, unpartitioned } from "./test-project.ts";

const me = { by: "ada", reason: "bad prices" };

function rollBack(
  project: TestProject,
  keys: readonly string[],
  to: RollbackRequest["to"],
  options: Partial<Pick<RollbackRequest, "dryRun" | "checked">> & {
    ranges?: readonly ReturnType<typeof days>[];
  } = {},
) {
  const { ranges, ...rest } = options;
  const targets = keys.map((key) => target(project, key, ranges));
  return project.state.holds.rollBack(project.scope, { targets, to, ...me, ...rest });
}

function release(
  project: TestProject,
  keys: readonly string[],
  options: Partial<Pick<ReleaseRequest, "publish" | "dryRun" | "checked">> & {
    ranges?: readonly ReturnType<typeof days>[];
  } = {},
) {
  const { ranges, ...rest } = options;
  const targets = keys.map((key) => target(project, key, ranges));
  return project.state.holds.release(project.scope, { targets, ...me, ...rest });
}

function target(project: TestProject, key: string, ranges?: readonly ReturnType<typeof days>[]) {
  return { key, ...project.asset(key), ...(ranges === undefined ? {} : { ranges }) };
}

/** `0-9 ada`, of one asset. */
async function held(project: TestProject, key: string): Promise<string[]> {
  const holds = await project.state.holds.list(project.scope, [project.asset(key).assetId]);
  return holds.map(({ range, hold, versionId }) => {
    return `${range.from}-${range.to} ${hold.by}: ${hold.reason}${versionId === undefined ? ", empty" : ""}`;
  });
}

export function holdsContract(database: DatabaseUnderTest): void {
  suite(`rolling back in ${database.name}`, () => {
    test("a rollback moves a whole selection in one publish, forward, and holds it (N17)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const [orders, day] = [project.step("orders"), project.step("days", days(1))];
      await project.materialize([orders, { dataVersion: "o1" }], [day, { dataVersion: "d1" }]);
      await project.materialize([orders, { dataVersion: "o2" }], [day, { dataVersion: "d2" }]);
      const { snapshot, moves } = await rollBack(project, ["days", "orders"], { snapshot: 1 });
      assert.equal(snapshot, 3);
      assert.deepEqual(
        moves.map(({ key, range }) => [key, range]),
        [
          ["days", days(1)],
          ["orders", orders.range],
        ],
      );
      const other = project.through(await made.open());
      assert.deepEqual(await other.current(3), ["days 1-2 d1", "orders 0-1 o1"]);
      assert.deepEqual(await other.current(2), ["days 1-2 d2", "orders 0-1 o2"]);
      assert.deepEqual(await held(other, "orders"), ["0-1 ada: bad prices"]);
      const [current] = await project.state.catalog.current(project.scope, 3);
      assert.equal(current?.hold?.reason, "bad prices");
      assert.equal(current.since, 3);
      const events = await project.state.events.read(project.scope, {});
      assert.deepEqual(
        events.slice(-2).map(({ type, data }) => [type, "snapshot" in data ? data.snapshot : undefined]),
        [
          ["published", 3],
          ["held", 3],
        ],
      );
    });

    test("a rolled-back pointer stays held: the newer version stays staged, and what it was made from too (N17)", async (t) => {
      const assets = { source: unpartitioned, result: unpartitioned, other: unpartitioned };
      const project = await TestProject.open(await (await database.make(t)).open(), assets);
      const [source, result] = [project.step("source"), project.step("result")];
      const digest = (data: string) => aggregateDataVersion([{ range: source.range, dataVersion: data }]);
      await project.materialize([source, { dataVersion: "s1" }]);
      await project.materialize([source, { dataVersion: "s2" }]);
      await rollBack(project, ["source"], "earlier");
      const run = await project.run([source, result, project.step("other")]);
      const bad = await run.make(source, { dataVersion: "s3" });
      const below = await run.make(result, { inputs: [input("source", 3, digest("s3"))] });
      const free = await run.make(project.step("other"), { dataVersion: "free" });
      const outcome = await run.publish({ versionIds: [bad, below, free] });
      assert.deepEqual(outcome, { snapshot: 4, published: [free], superseded: [], held: [bad, below] });
      assert.deepEqual(await project.current(4), ["other 0-1 free", "source 0-1 s1"]);
      assert.equal((await project.state.catalog.version(below))?.state, "staged");
      const events = await project.state.events.read(project.scope, { runId: run.id });
      assert.deepEqual(
        events.flatMap(({ type, data }) => (type === "version.held" ? [data.versionId] : [])),
        [bad, below],
      );
    });

    test("what was made from a held version with equal content goes all the same (N17)", async (t) => {
      const assets = { source: unpartitioned, result: unpartitioned };
      const project = await TestProject.open(await (await database.make(t)).open(), assets);
      const [source, result] = [project.step("source"), project.step("result")];
      const digest = (data: string) => aggregateDataVersion([{ range: source.range, dataVersion: data }]);
      await project.materialize([source, { dataVersion: "s1" }]);
      await project.materialize([source, { dataVersion: "s2" }]);
      await rollBack(project, ["source"], "earlier");
      const run = await project.run([source, result]);
      const again = await run.make(source, { dataVersion: "s1" });
      const below = await run.make(result, { inputs: [input("source", 3, digest("s1"))] });
      const { published, held: withheld } = await run.publish({ versionIds: [again, below] });
      assert.deepEqual([published, withheld], [[below], [again]]);
    });

    test("a run that was at work when its asset was rolled back ends well, and stays staged (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const orders = project.step("orders");
      await project.materialize([orders, { dataVersion: "o1" }]);
      await project.materialize([orders, { dataVersion: "o2" }]);
      const run = await project.run([orders]);
      await run.start(orders);
      await rollBack(project, ["orders"], "earlier");
      const version = staged({ dataVersion: "o3" });
      await run.apply(
        { change: "version.staged", step: orders.key, asset: "orders", version },
        { change: "step.succeeded", step: orders.key, versionIds: [version.id] },
      );
      assert.deepEqual((await run.publish({ versionIds: [version.id] })).held, [version.id]);
      await run.end();
      assert.deepEqual(await project.current(await project.head()), ["orders 0-1 o1"]);
    });

    test("rolling back again goes further back, never forth to what was left (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      for (const dataVersion of ["o1", "o2", "o3"])
        await project.materialize([project.step("orders"), { dataVersion }]);
      await rollBack(project, ["orders"], "earlier");
      assert.deepEqual(await project.current(4), ["orders 0-1 o2"]);
      await rollBack(project, ["orders"], "earlier");
      assert.deepEqual(await project.current(5), ["orders 0-1 o1"]);
      const error = await refused("ROLLBACK_IMPOSSIBLE", rollBack(project, ["orders"], "earlier"));
      assert.match(error.message, /nothing was current before/);
      // Also forth, where that is said.
      const { moves } = await rollBack(project, ["orders"], { snapshot: 3 });
      assert.equal(moves.length, 1);
      assert.deepEqual(await project.current(6), ["orders 0-1 o3"]);
    });

    test("only the partitions asked for go back, in the middle of a wide version too (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("days", days(0, 10)), { dataVersion: "good", rowCount: 100 }]);
      await project.materialize([project.step("days", days(0, 10)), { dataVersion: "bad", rowCount: 70 }]);
      await rollBack(project, ["days"], "earlier", { ranges: [days(3, 5), days(8)] });
      assert.deepEqual(await project.current(3), [
        "days 0-3 bad",
        "days 3-5 good",
        "days 5-8 bad",
        "days 8-9 good",
        "days 9-10 bad",
      ]);
      assert.deepEqual(await held(project, "days"), ["3-5 ada: bad prices", "8-9 ada: bad prices"]);
      const run = await project.run([project.step("days", days(2)), project.step("days", days(3))]);
      const [free, kept] = [
        await run.make(run.steps[0] ?? assert.fail()),
        await run.make(run.steps[1] ?? assert.fail()),
      ];
      const outcome = await run.publish({ versionIds: [free, kept] });
      assert.deepEqual([outcome.published, outcome.held], [[free], [kept]]);
      await run.end();
      // The rest goes back too: nothing of the version is lost, and its rows are known again.
      await rollBack(project, ["days"], { snapshot: 1 });
      const now = await project.current(await project.head());
      assert.ok(
        now.every((line) => line.endsWith("good")),
        now.join("\n"),
      );
      assert.deepEqual(
        (await held(project, "days")).map((line) => line.split(" ")[0]),
        ["0-3", "3-5", "5-8", "8-9", "9-10"],
      );
    });

    test("the count of rows is right again after a whole version has come back (N10, N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("days", days(0, 4)), { dataVersion: "good", rowCount: 40 }]);
      await project.materialize([project.step("days", days(1)), { dataVersion: "a", rowCount: 1 }]);
      await project.materialize([project.step("days", days(0)), { dataVersion: "b", rowCount: 1 }]);
      await project.materialize([project.step("days", days(2, 4)), { dataVersion: "c", rowCount: 1 }]);
      await rollBack(project, ["days"], { snapshot: 1 });
      const { assetId, spaceId } = project.asset("days");
      assert.deepEqual(await project.current(5), ["days 0-4 good"]);
      const summary = (await project.state.catalog.summaries(project.scope, 5)).get(assetId);
      const dataVersion = aggregateDataVersion([{ range: days(0, 4), dataVersion: "good" }]);
      assert.deepEqual(summary, { spaceId, dataVersion, partitions: 4, rowCount: 40 });
    });

    test("of two versions that waited, a release publishes the newer one wherever they overlap (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("days", days(0, 6)), { dataVersion: "good" }]);
      await project.materialize([project.step("days", days(0, 6)), { dataVersion: "bad" }]);
      await rollBack(project, ["days"], "earlier");
      await project.materialize([project.step("days", days(2, 6)), { dataVersion: "older" }]);
      await project.materialize([project.step("days", days(0, 4)), { dataVersion: "newer" }]);
      await release(project, ["days"], { publish: true });
      assert.deepEqual(await project.current(4), ["days 0-4 newer", "days 4-6 older"]);
    });

    test("the count of rows stays right where a hold was ended for a part of a version (N10, N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { assetId } = project.asset("days");
      const rows = async () =>
        (await project.state.catalog.summaries(project.scope, await project.head())).get(assetId)?.rowCount;
      for (const rowCount of [40, 50])
        await project.materialize([project.step("days", days(0, 4)), { rowCount }]);
      await rollBack(project, ["days"], "earlier");
      await release(project, ["days"], { ranges: [days(0, 2)] });
      // Nobody has counted the rows of each half.
      assert.equal(await rows(), undefined);
      await project.materialize([project.step("days", days(0, 2)), { rowCount: 7 }]);
      assert.equal(await rows(), undefined);
      await release(project, ["days"]);
      await project.materialize([project.step("days", days(0, 4)), { rowCount: 60 }]);
      assert.equal(await rows(), 60);
    });

    test("a partition that was not there then is there no more, and stays away (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("days", days(1)), { dataVersion: "d1" }]);
      await project.materialize([project.step("days", days(2)), { dataVersion: "d2" }]);
      const { moves } = await rollBack(project, ["days"], { snapshot: 1 });
      assert.deepEqual(
        moves.map(({ range, to }) => [range, to]),
        [[days(2), undefined]],
      );
      assert.deepEqual(await project.current(3), ["days 1-2 d1"]);
      const { assetId } = project.asset("days");
      assert.equal((await project.state.catalog.summaries(project.scope, 3)).get(assetId)?.partitions, 1);
      assert.deepEqual(await held(project, "days"), ["2-3 ada: bad prices, empty"]);
      const run = await project.run([project.step("days", days(2))]);
      const version = await run.make(project.step("days", days(2)), { dataVersion: "d2 again" });
      assert.deepEqual((await run.publish({ versionIds: [version] })).held, [version]);
      await run.end();
      const { published, snapshot } = await release(project, ["days"], { publish: true });
      assert.deepEqual([published, snapshot], [[version], 4]);
      assert.deepEqual(await project.current(4), ["days 1-2 d1", "days 2-3 d2 again"]);
    });

    test("a version by its id, or the beginning of it, comes back over its whole range (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const orders = project.step("orders");
      await project.materialize([orders, { id: "aaaa-1", dataVersion: "o1" }]);
      await project.materialize([orders, { id: "aaaa-2", dataVersion: "o2" }]);
      await project.materialize([orders, { id: "bbbb-3", dataVersion: "o3" }]);
      await rollBack(project, ["orders"], { versionId: "aaaa-1" });
      assert.deepEqual(await project.current(4), ["orders 0-1 o1"]);
      await refused("VERSION_AMBIGUOUS", rollBack(project, ["orders"], { versionId: "aaaa" }));
      await refused("VERSION_NOT_FOUND", rollBack(project, ["orders"], { versionId: "cc" }));
      await refused("VERSION_NOT_FOUND", rollBack(project, ["days"], { versionId: "aaaa-1" }));
      const run = await project.run([orders]);
      const rejected = await run.make(orders, { id: "never" });
      await refused("VERSION_NEVER_CURRENT", rollBack(project, ["orders"], { versionId: rejected }));
      assert.deepEqual((await rollBack(project, ["orders"], { versionId: "aaaa-1" })).moves, []);
      assert.equal(await project.head(), 4);
    });

    test("an asset without history, or of another partitioning then, is refused, and nothing has moved (N17)", async (t) => {
      const state = await (await database.make(t)).open();
      const before = await TestProject.open(state, { days: unpartitioned, orders: unpartitioned });
      await before.materialize([before.step("days"), {}], [before.step("orders"), { dataVersion: "o1" }]);
      const project = await TestProject.open(state);
      await project.materialize([project.step("orders"), { dataVersion: "o2" }]);
      await project.materialize([project.step("days", days(1)), { dataVersion: "d1" }]);
      const error = await refused(
        "ROLLBACK_IMPOSSIBLE",
        rollBack(project, ["orders", "days"], { snapshot: 1 }),
      );
      assert.deepEqual([error.problems.length, error.place.asset], [1, "days"]);
      assert.match(error.message, /partitioned otherwise/);
      const none = await refused(
        "ROLLBACK_IMPOSSIBLE",
        rollBack(project, ["days", "orders"], { snapshot: 0 }),
      );
      assert.equal(none.problems.length, 2);
      assert.equal(await project.head(), 3);
    });

    test("a snapshot that is no longer kept is gone for a rollback too (N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await project.materialize([project.step("orders"), {}]);
      await project.materialize([project.step("orders"), {}]);
      await made.execute("delete from snapshot where number = 1");
      await refused("SNAPSHOT_GONE", rollBack(project, ["orders"], { snapshot: 1 }));
      await refused("SNAPSHOT_GONE", rollBack(project, ["orders"], { snapshot: 9 }));
      assert.equal(await project.head(), 2);
    });

    test("a dry run says what would move, and moves nothing (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const orders = project.step("orders");
      await project.materialize([orders, { id: "one" }]);
      await project.materialize([orders, { id: "two" }]);
      const events = await project.state.events.read(project.scope, {});
      const planned = await rollBack(project, ["orders"], "earlier", { dryRun: true });
      const move = { key: "orders", range: orders.range, from: "two", to: "one" };
      assert.deepEqual(planned, { snapshot: 2, moves: [move] });
      assert.deepEqual(await held(project, "orders"), []);
      assert.deepEqual(await project.state.events.read(project.scope, {}), events);
      assert.deepEqual((await rollBack(project, ["orders"], "earlier")).moves, planned.moves);
    });

    test("released places move again, and a release by itself publishes nothing (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const orders = project.step("orders");
      await project.materialize([orders, { dataVersion: "o1" }]);
      await project.materialize([orders, { dataVersion: "o2" }]);
      await rollBack(project, ["orders"], "earlier");
      const waiting: string[] = [];
      for (const dataVersion of ["o3", "o4"]) {
        const run = await project.run([orders]);
        const version = await run.make(orders, { dataVersion });
        await run.publish({ versionIds: [version] });
        await run.end();
        waiting.push(version);
      }
      const result = await release(project, ["orders"]);
      assert.deepEqual(result, {
        released: [{ key: "orders", range: orders.range }],
        published: [],
        superseded: [],
        waiting,
      });
      assert.equal(await project.head(), 3);
      assert.deepEqual(await held(project, "orders"), []);
      assert.deepEqual(await project.current(3), ["orders 0-1 o1"]);
      assert.deepEqual((await release(project, ["orders"])).released, []);
      const [current] = await project.state.catalog.current(project.scope, 3);
      assert.equal(current?.since, 3);
      await project.materialize([orders, { dataVersion: "o5" }]);
      assert.deepEqual(await project.current(4), ["orders 0-1 o5"]);
    });

    test("a release may publish the newest version that waits, unless it comes too late (N15, N17)", async (t) => {
      const assets = { source: unpartitioned, result: unpartitioned };
      const project = await TestProject.open(await (await database.make(t)).open(), assets);
      const result = project.step("result");
      for (const dataVersion of ["r1", "r2"]) await project.materialize([result, { dataVersion }]);
      await rollBack(project, ["result"], "earlier");
      const publishing = async (dataVersion: string) => {
        const run = await project.run([result]);
        const version = await run.make(result, { dataVersion });
        await run.publish({ versionIds: [version] });
        await run.end();
        return version;
      };
      const [older, newer] = [await publishing("r3"), await publishing("r4")];
      const { published, waiting, snapshot } = await release(project, ["result"], { publish: true });
      assert.deepEqual([published, waiting, snapshot], [[newer], [older], 4]);
      assert.deepEqual(await project.current(4), ["result 0-1 r4"]);
      const [last] = (await project.state.events.read(project.scope, {})).slice(-1);
      assert.ok(last?.type === "published");
      assert.equal(last.data.snapshot, 4);
    });

    test("what waits goes on waiting when a held place is rolled back again, and what waited before the hold does not (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const all = project.step("days", days(0, 4));
      for (const dataVersion of ["a", "b", "c"]) await project.materialize([all, { dataVersion }]);
      const half = [days(0, 2)];
      // Held and let go: what waited then is given up.
      await rollBack(project, ["days"], { snapshot: 2 }, { ranges: [days(2, 4)] });
      await project.materialize([project.step("days", days(2, 4)), { id: "given up", dataVersion: "x" }]);
      await release(project, ["days"]);
      await rollBack(project, ["days"], { snapshot: 2 }, { ranges: half });
      await project.materialize([project.step("days", days(0)), { id: "waits", dataVersion: "d" }]);
      const since = async () => (await project.state.holds.list(project.scope))[0]?.hold.at;
      const first = await since();
      // All of it now, half of which is held; in another millisecond than what was given up.
      await sleep(5);
      await rollBack(project, ["days"], { snapshot: 1 });
      assert.equal(await since(), first, "held without a break");
      const { published, waiting } = await release(project, ["days"], { publish: true });
      assert.deepEqual([published, waiting], [["waits"], []]);
      const head = await project.head();
      assert.deepEqual(
        (await project.current(head)).filter((line) => line.endsWith(" d") || line.endsWith(" x")),
        ["days 0-1 d"],
      );
    });

    test("a part of what is held can be released; the rest stays (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("days", days(0, 10)), { dataVersion: "good", rowCount: 9 }]);
      await project.materialize([project.step("days", days(0, 10)), { dataVersion: "bad", rowCount: 8 }]);
      await rollBack(project, ["days"], "earlier");
      const { released } = await release(project, ["days"], { ranges: [days(2, 4), days(30)] });
      assert.deepEqual(released, [{ key: "days", range: days(2, 4) }]);
      assert.deepEqual(
        (await held(project, "days")).map((line) => line.split(" ")[0]),
        ["0-2", "4-10"],
      );
      const dataVersions = (await project.current(3)).map((line) => line.split(" ")[2]);
      assert.deepEqual(new Set(dataVersions), new Set(["good"]));
      assert.deepEqual(await project.current(2), ["days 0-10 bad"]);
      await project.materialize([project.step("days", days(3)), { dataVersion: "new" }]);
      const now = await project.current(4);
      assert.ok(now.includes("days 3-4 new"), now.join("\n"));
    });

    test("a publish over a part of a held range leaves the hold of the rest (N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("days", days(0, 6)), { dataVersion: "good" }]);
      await project.materialize([project.step("days", days(0, 6)), { dataVersion: "bad" }]);
      await rollBack(project, ["days"], "earlier");
      await rollBack(project, ["days"], { snapshot: 2 }, { ranges: [days(2, 4)] });
      assert.deepEqual(
        (await held(project, "days")).map((line) => line.split(" ")[0]),
        ["0-2", "2-4", "4-6"],
      );
    });

    test("what leaves the code is retired, held or not (N12, N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      for (const dataVersion of ["o1", "o2"])
        await project.materialize([project.step("orders"), { dataVersion }]);
      await rollBack(project, ["orders"], "earlier");
      const run = await project.run([]);
      await run.publish({ versionIds: [], retire: [project.asset("orders")] });
      assert.deepEqual(await project.current(4), []);
      assert.deepEqual(await held(project, "orders"), []);
    });

    test("some partitions of an asset are retired, beside a publish of others (N12)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("days", days(0, 10)), { dataVersion: "d", rowCount: 5 }]);
      const run = await project.run([project.step("days", days(7))]);
      const version = await run.make(project.step("days", days(7)), { dataVersion: "new", rowCount: 1 });
      const { assetId, spaceId } = project.asset("days");
      const retire = [days(0, 2), days(40, 50)].map((range) => ({ assetId, place: { spaceId, range } }));
      const { snapshot } = await run.publish({ versionIds: [version], retire });
      assert.equal(snapshot, 2);
      assert.deepEqual(await project.current(2), ["days 2-7 d", "days 7-8 new", "days 8-10 d"]);
      const summary = (await project.state.catalog.summaries(project.scope, 2)).get(assetId);
      assert.equal(summary?.partitions, 8);
    });

    test("a forced publish makes a superseded version current; a hold stays a hold (N15, N17)", async (t) => {
      const { project, run: late, versionId: old } = await lateRun(await database.make(t));
      const result = project.step("result");
      const published = await late.publish({ versionIds: [old], force: true });
      assert.deepEqual([published.published, published.superseded], [[old], []]);
      assert.deepEqual(await project.current(4), ["result 0-1 r1", "source 0-1 s2"]);
      await project.materialize([result, { dataVersion: "r3" }]);
      await rollBack(project, ["result"], "earlier");
      const run = await project.run([result]);
      const blocked = await run.make(result);
      assert.deepEqual((await run.publish({ versionIds: [blocked], force: true })).held, [blocked]);
    });

    test("a move by hand takes place only if the assets become what checks have seen; else nothing of it remains (N17, N19)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const [orders, { assetId }] = [project.step("orders"), project.asset("orders")];
      for (const dataVersion of ["o1", "o2"]) await project.materialize([orders, { dataVersion }]);
      const become = (data: string | undefined) => ({
        assets: [
          {
            assetId,
            dataVersion: data && aggregateDataVersion([{ range: orders.range, dataVersion: data }]),
          },
        ],
        evaluations: [],
      });
      for (const other of ["o2", undefined])
        await refused(
          "CHECKS_OVERTAKEN",
          rollBack(project, ["orders"], "earlier", { checked: become(other) }),
        );
      assert.deepEqual([await project.head(), await held(project, "orders")], [2, []]);
      await rollBack(project, ["orders"], "earlier", { checked: become("o1") });
      // Nothing waited when this was decided.
      const before = become("o1");
      await project.materialize([orders, { id: "waits", dataVersion: "o3" }]);
      const ending = { publish: true, checked: before };
      await refused("CHECKS_OVERTAKEN", release(project, ["orders"], ending));
      assert.deepEqual(await held(project, "orders"), ["0-1 ada: bad prices"]);
      assert.equal((await project.state.catalog.version("waits"))?.state, "staged");
      const events = await project.state.events.read(project.scope, {});
      const dry = await release(project, ["orders"], { ...ending, checked: become("o3"), dryRun: true });
      assert.deepEqual(dry.published, ["waits"]);
      assert.deepEqual(await project.state.events.read(project.scope, {}), events);
      assert.deepEqual([await project.head(), (await held(project, "orders")).length], [3, 1]);
      const done = await release(project, ["orders"], { ...ending, checked: become("o3") });
      assert.deepEqual([done.published, done.snapshot], [["waits"], 4]);
    });

    test("a rollback and a publish at once take turns: the one that comes second sees the other (N16, N17)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const orders = project.step("orders");
      for (const dataVersion of ["o1", "o2"]) await project.materialize([orders, { dataVersion }]);
      const other = project.through(await made.open());
      const run = await other.run([orders]);
      const version = await run.make(orders, { dataVersion: "o3" });
      const [rolled, published] = await Promise.all([
        rollBack(project, ["orders"], { snapshot: 1 }),
        run.publish({ versionIds: [version] }),
      ]);
      assert.deepEqual(await project.current(await project.head()), ["orders 0-1 o1"]);
      const rollbackFirst = published.held.length === 1;
      assert.equal(rolled.snapshot, rollbackFirst ? 3 : 4);
    });
  });
}
