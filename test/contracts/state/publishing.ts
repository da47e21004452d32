import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { aggregateDataVersion } from "../../../src/core/catalog/aggregate.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { lateRun } from "./late-run.ts";
import { refused } from "./refusal.ts";
import { daily, days, input, staged, TestProject, unpartitioned } from "./test-project.ts";

export function publishingContract(database: DatabaseUnderTest): void {
  suite(`publishing in ${database.name}`, () => {
    test("an environment begins with an empty snapshot", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { epoch, ...head } = await project.state.catalog.head(project.scope);
      assert.ok(epoch.length > 10);
      assert.deepEqual(head, { number: 0, publishedAt: 0, recheck: 0, arrangement: 0 });
      assert.deepEqual(await project.current(0), []);
    });

    test("a publish moves all its versions into one new snapshot, and the ones before stay as they were (N16)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const reader = project.through(await made.open());
      const first = await project.materialize(
        [project.step("orders"), { dataVersion: "o1" }],
        [project.step("days", days(1)), { dataVersion: "d1" }],
      );
      assert.equal(first.snapshot, 1);
      assert.equal(first.published.length, 2);
      await project.materialize([project.step("orders"), { dataVersion: "o2" }]);
      assert.equal(await reader.head(), 2);
      assert.deepEqual(await reader.current(0), []);
      assert.deepEqual(await reader.current(1), ["days 1-2 d1", "orders 0-1 o1"]);
      assert.deepEqual(await reader.current(2), ["days 1-2 d1", "orders 0-1 o2"]);
      assert.deepEqual(await reader.current(1, ["days"]), ["days 1-2 d1"]);
      assert.deepEqual(await reader.current(2, []), []);
    });

    test("versions that are only staged are seen by nobody (N12, N16)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const run = await project.run([project.step("orders")]);
      await run.make(project.step("orders"));
      assert.deepEqual(await project.current(await project.head()), []);
    });

    test("a version over a part of a range splits what lay there, which stays current beside it (N10)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("days", days(0, 10)), { dataVersion: "wide", rowCount: 100 }]);
      await project.materialize([project.step("days", days(3, 5)), { dataVersion: "narrow", rowCount: 2 }]);
      await project.materialize([project.step("days", days(4, 12)), { dataVersion: "late", rowCount: 8 }]);
      assert.deepEqual(await project.current(1), ["days 0-10 wide"]);
      assert.deepEqual(await project.current(2), ["days 0-3 wide", "days 3-5 narrow", "days 5-10 wide"]);
      assert.deepEqual(await project.current(3), ["days 0-3 wide", "days 3-4 narrow", "days 4-12 late"]);
      const current = await project.state.catalog.current(project.scope, 3);
      assert.deepEqual(
        current.map(({ since, version }) => [since, version.range]),
        [
          [1, days(0, 10)],
          [2, days(3, 5)],
          [3, days(4, 12)],
        ],
      );
      for (const { since, publishedAt } of current) {
        const [row] = await project.state.catalog.current(project.scope, since);
        assert.ok(publishedAt > 0 && row !== undefined);
      }
    });

    test("slices are apart: the same ordinals of another slice are other partitions (N10)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const slice = (name: string) => project.step("days", { slice: name, from: 0, to: 5 });
      await project.materialize([slice("de"), { dataVersion: "1" }], [slice("at"), { dataVersion: "2" }]);
      await project.materialize([slice("de"), { dataVersion: "3" }]);
      assert.deepEqual(await project.current(2), ["days at0-5 2", "days de0-5 3"]);
    });

    test("publishing again what is published changes nothing (N16)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const run = await project.run([project.step("orders")]);
      const versionId = await run.make(project.step("orders"));
      const first = await run.publish({ versionIds: [versionId] });
      const events = await project.state.events.read(project.scope, {});
      const again = await run.publish({ versionIds: [versionId, versionId] });
      assert.deepEqual(again, first);
      assert.deepEqual(first, { snapshot: 1, published: [versionId], superseded: [], held: [] });
      assert.deepEqual(await project.state.events.read(project.scope, {}), events);
    });

    test("with nothing to publish there is no new snapshot", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const run = await project.run([]);
      const result = await run.publish({ versionIds: [], retire: [project.asset("orders")] });
      assert.deepEqual(result, { snapshot: 0, published: [], superseded: [], held: [] });
      assert.equal(await project.head(), 0);
    });

    test("only what the run itself has staged can be published, and then nothing of the request is (N16)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const other = await project.run([project.step("days", days(1))]);
      const foreign = await other.make(project.step("days", days(1)));
      const run = await project.run([project.step("orders")]);
      const own = await run.make(project.step("orders"));
      await refused("INTERNAL", run.publish({ versionIds: [own, foreign] }));
      await refused("INTERNAL", run.publish({ versionIds: [own, "no such version"] }));
      assert.equal(await project.head(), 0);
    });

    test("of two versions of one publish that overlap, the later one wins, without a gap (N10, N16)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const steps = [project.step("days", days(0, 6)), project.step("days", days(2, 4))] as const;
      const run = await project.run(steps);
      const one = await run.make(steps[0], { dataVersion: "under" });
      await run.apply({
        change: "step.skipped",
        step: steps[0].key,
        reason: "frees the claim",
        cause: "author",
      });
      const two = await run.make(steps[1], { dataVersion: "over" });
      await run.publish({ versionIds: [one, two] });
      assert.deepEqual(await project.current(1), ["days 0-2 under", "days 2-4 over", "days 4-6 under"]);
    });

    test("a version made from older inputs than the current one's is superseded (N15)", async (t) => {
      const { project, run, versionId } = await lateRun(await database.make(t));
      const published = await run.publish({ versionIds: [versionId] });
      assert.deepEqual(published, { snapshot: 3, published: [], superseded: [versionId], held: [] });
      assert.deepEqual(await run.publish({ versionIds: [versionId] }), published);
      assert.equal((await project.state.catalog.version(versionId))?.state, "superseded");
      assert.deepEqual(await project.current(await project.head()), ["result 0-1 r2", "source 0-1 s2"]);
    });

    test("what is made from older inputs with the same data is not superseded (N15)", async (t) => {
      const assets = { source: unpartitioned, result: unpartitioned };
      const project = await TestProject.open(await (await database.make(t)).open(), assets);
      const result = project.step("result");
      const late = await project.run([result]);
      await project.materialize([project.step("source"), { dataVersion: "same" }]);
      await project.materialize([result, { dataVersion: "r2", inputs: [input("source", 1, "same")] }]);
      const versionId = await late.make(result, { dataVersion: "r1", inputs: [input("source", 0, "same")] });
      assert.deepEqual((await late.publish({ versionIds: [versionId] })).published, [versionId]);
    });

    test("a version goes with the new input that the same publish makes current (N15)", async (t) => {
      const assets = { source: unpartitioned, result: unpartitioned };
      const project = await TestProject.open(await (await database.make(t)).open(), assets);
      const [source, result] = [project.step("source"), project.step("result")];
      const digest = (data: string) => aggregateDataVersion([{ range: source.range, dataVersion: data }]);
      const late = await project.run([source, result]);
      await project.materialize([source, { dataVersion: "s2" }]);
      await project.materialize([result, { dataVersion: "r2", inputs: [input("source", 1, digest("s2"))] }]);
      const made = [
        await late.make(source, { dataVersion: "s3" }),
        await late.make(result, { dataVersion: "r3", inputs: [input("source", 0, digest("s3"))] }),
      ];
      const { published } = await late.publish({ versionIds: made });
      assert.deepEqual(published, made);
      assert.deepEqual(await project.current(3), ["result 0-1 r3", "source 0-1 s3"]);
    });

    test("and stays behind when that input itself comes too late (N15)", async (t) => {
      const assets = { raw: unpartitioned, source: unpartitioned, result: unpartitioned };
      const project = await TestProject.open(await (await database.make(t)).open(), assets);
      const [source, result] = [project.step("source"), project.step("result")];
      const digest = (data: string) => aggregateDataVersion([{ range: source.range, dataVersion: data }]);
      const late = await project.run([source, result]);
      await project.materialize([project.step("raw"), { dataVersion: "raw" }]);
      await project.materialize([source, { dataVersion: "s2", inputs: [input("raw", 1, digest("raw"))] }]);
      await project.materialize([result, { dataVersion: "r2", inputs: [input("source", 2, digest("s2"))] }]);
      const made = [
        await late.make(result, { dataVersion: "r3", inputs: [input("source", 0, digest("s3"))] }),
        await late.make(source, { dataVersion: "s3", inputs: [input("raw", 0, digest("older"))] }),
      ];
      const outcome = await late.publish({ versionIds: made });
      assert.deepEqual([outcome.published, outcome.superseded], [[], made]);
    });

    test("a held pointer keeps its version; the newer one stays staged (N17)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await project.materialize([project.step("days", days(0, 9)), { dataVersion: "good" }]);
      await made.execute("update pointer set held_at = 1, held_by = 'me', hold_reason = 'bad data'");
      const steps = [project.step("days", days(3)), project.step("days", days(20))] as const;
      const run = await project.run(steps);
      const [held, free] = [await run.make(steps[0]), await run.make(steps[1], { dataVersion: "free" })];
      const outcome = await run.publish({ versionIds: [held, free] });
      assert.deepEqual([outcome.published, outcome.held], [[free], [held]]);
      assert.deepEqual(await project.current(2), ["days 0-9 good", "days 20-21 free"]);
      assert.equal((await project.state.catalog.version(held))?.state, "staged");
    });

    test("assets that left the code are retired by a publish; older snapshots keep them (N12)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize(
        [project.step("orders"), { dataVersion: "o" }],
        [project.step("days", days(1)), {}],
      );
      const run = await project.run([]);
      const { snapshot } = await run.publish({ versionIds: [], retire: [project.asset("days")] });
      assert.equal(snapshot, 2);
      assert.deepEqual(await project.current(2), ["orders 0-1 o"]);
      assert.equal((await project.current(1)).length, 2);
      assert.equal((await project.state.catalog.summaries(project.scope, 2)).size, 1);
    });

    test("the first publish in another partitioning ends what lay in the former one (N12)", async (t) => {
      const state = await (await database.make(t)).open();
      const before = await TestProject.open(state, { days: unpartitioned });
      await before.materialize([before.step("days"), { dataVersion: "whole" }]);
      const after = await TestProject.open(state, { days: daily });
      await after.materialize([after.step("days", days(5)), { dataVersion: "d5" }]);
      await after.materialize([after.step("days", days(6)), { dataVersion: "d6" }]);
      assert.deepEqual(await after.current(1), ["days 0-1 whole"]);
      assert.deepEqual(await after.current(2), ["days 5-6 d5"]);
      assert.deepEqual(await after.current(3), ["days 5-6 d5", "days 6-7 d6"]);
    });

    test("environments move their pointers apart (N11)", async (t) => {
      const state = await (await database.make(t)).open();
      const production = await TestProject.open(state);
      const branch = await TestProject.open(state, undefined, { environment: "branch" });
      await production.materialize([production.step("orders"), { dataVersion: "p" }]);
      await branch.materialize([branch.step("orders"), { dataVersion: "b" }]);
      await branch.materialize([branch.step("orders"), { dataVersion: "b2" }]);
      assert.deepEqual(await production.current(1), ["orders 0-1 p"]);
      assert.deepEqual(await branch.current(2), ["orders 0-1 b2"]);
      assert.equal(await production.head(), 1);
    });

    test("a snapshot that is not there yet or no longer kept is gone (N18)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await project.materialize([project.step("orders"), {}]);
      const { catalog } = project.state;
      await refused("SNAPSHOT_GONE", catalog.current(project.scope, 2));
      await refused("SNAPSHOT_GONE", catalog.summaries(project.scope, -1));
      await made.execute("delete from snapshot where number = 1");
      await refused("SNAPSHOT_GONE", catalog.current(project.scope, 1, []));
    });

    test("the time of a snapshot never runs backwards, whatever the clock does (N13)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      await made.execute("update environment set published_at = 9000000000000");
      await project.materialize([project.step("orders"), {}]);
      const head = await project.state.catalog.head(project.scope);
      assert.deepEqual([head.number, head.publishedAt], [1, 9_000_000_000_000]);
    });

    test("versions are listed newest first, evaluations in their order", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      for (const dataVersion of ["1", "2", "3"])
        await project.materialize([project.step("orders"), { dataVersion }]);
      const { assetId } = project.asset("orders");
      const versions = await project.state.catalog.versions(project.scope, assetId, 2);
      assert.deepEqual(
        versions.map((version) => version.dataVersion),
        ["3", "2"],
      );
      assert.deepEqual(await project.state.catalog.evaluations(project.scope, []), []);
    });

    test("a summary says in a few numbers what all pieces say (N10)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { assetId, spaceId } = project.asset("days");
      const summary = async (snapshot: number) =>
        (await project.state.catalog.summaries(project.scope, snapshot, [assetId])).get(assetId);
      const make = (from: number, to: number, dataVersion: string, rowCount: number) =>
        project.materialize([project.step("days", days(from, to)), { dataVersion, rowCount }]);
      await make(0, 10, "a", 100);
      await make(10, 12, "b", 5);
      await make(4, 6, "c", 1);
      const of = (...pieces: [number, number, string][]) =>
        aggregateDataVersion(
          pieces.map(([from, to, dataVersion]) => ({ range: days(from, to), dataVersion })),
        );
      assert.equal(await summary(0), undefined);
      assert.deepEqual(await summary(1), {
        spaceId,
        dataVersion: of([0, 10, "a"]),
        partitions: 10,
        rowCount: 100,
      });
      assert.deepEqual(await summary(2), {
        spaceId,
        dataVersion: of([0, 10, "a"], [10, 12, "b"]),
        partitions: 12,
        rowCount: 105,
      });
      // Of a part of a version nobody has counted the rows.
      assert.deepEqual(await summary(3), {
        spaceId,
        dataVersion: of([0, 4, "a"], [4, 6, "c"], [6, 10, "a"], [10, 12, "b"]),
        partitions: 12,
      });
      await make(0, 12, "d", 7);
      assert.deepEqual(await summary(4), {
        spaceId,
        dataVersion: of([0, 12, "d"]),
        partitions: 12,
        rowCount: 7,
      });
    });

    test("publishes of many processes at once take turns: every snapshot is one publish (N16)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const projects = await Promise.all(
        Array.from({ length: 4 }, async () => project.through(await made.open())),
      );
      const results = await Promise.all(
        projects.flatMap((one, process) =>
          Array.from({ length: 5 }, (_, index) =>
            one.materialize([
              one.step("days", days(process * 10 + index)),
              { dataVersion: `${process}/${index}` },
            ]),
          ),
        ),
      );
      const numbers = results.map(({ snapshot }) => snapshot).sort((a, b) => a - b);
      assert.deepEqual(
        numbers,
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      assert.equal(await project.head(), 20);
      for (const number of numbers) assert.equal((await project.current(number)).length, number);
    });

    test("thousands of versions are published at once", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const steps = Array.from({ length: 3000 }, (_, day) => project.step("days", days(day)));
      const run = await project.run(steps);
      const versions = steps.map((_, day) => staged({ id: `v${day}` }));
      for (let at = 0; at < steps.length; at += 1000) {
        await run.apply(
          ...steps.slice(at, at + 1000).flatMap(({ key }, index) => {
            const version = versions[at + index] ?? staged();
            return [
              { change: "step.started", step: key } as const,
              { change: "version.staged", step: key, asset: "days", version } as const,
              { change: "step.succeeded", step: key, versionIds: [version.id] } as const,
            ];
          }),
        );
      }
      const { published } = await run.publish({ versionIds: versions.map(({ id }) => id) });
      assert.equal(published.length, steps.length);
      assert.equal((await project.state.catalog.current(project.scope, 1)).length, steps.length);
    });
  });
}
