import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { CodeManifest } from "../../../src/core/code/code-manifest.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { days, longLease, owner, staged, TestProject } from "./test-project.ts";

const reached = { files: { "a.ts": "1", "päth/b.ts": "2" }, packages: { zod: "4.1.0" } };
const byFiles: CodeManifest = { own: { kind: "table", columns: null }, reached };
const bySql: CodeManifest = { own: { kind: "table", sql: [["text", "select 'é'"]] } };

export function codeContract(database: DatabaseUnderTest): void {
  suite(`code in ${database.name}`, () => {
    test("what a code version is made of is kept once, and found again (N8)", async (t) => {
      const opened = await database.make(t);
      const { code } = await opened.open();
      await code.record(new Map([["v1", byFiles]]));
      await code.record(
        new Map([
          ["v1", byFiles],
          ["v2", bySql],
          ["v3", { ...byFiles, own: { kind: "value" } }],
        ]),
      );
      assert.deepEqual(
        await code.manifests(["v2", "v1", "v1", "unknown"]),
        new Map([
          ["v1", byFiles],
          ["v2", bySql],
        ]),
      );
      assert.deepEqual(await code.manifests([]), new Map());
      assert.deepEqual(await code.textsInUse(), new Set(["1", "2"]));
      const [{ count } = { count: -1 }] = await opened.execute("select count(*) as count from reached_code");
      assert.equal(Number(count), 1, "what two definitions of a module reach is stored once");
    });

    test("manifests of ten thousand code versions are kept in a moment, also by two processes at once", async (t) => {
      const opened = await database.make(t);
      const states = [await opened.open(), await opened.open()];
      const many = new Map(
        Array.from(
          { length: 10_000 },
          (_, index) => [`v${index}`, { own: { sql: index }, reached }] as const,
        ),
      );
      const started = performance.now();
      await Promise.all(states.map((state) => state.code.record(many)));
      t.diagnostic(`${Math.round(performance.now() - started)} ms`);
      assert.equal((await states[0]?.code.manifests([...many.keys()]))?.size, 10_000);
    });

    test("manifests go once no version names them, and none goes while a run is at work", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { code } = project.state;
      await code.record(
        new Map([
          ["used", byFiles],
          ["unused", bySql],
          ["tried", { own: { kind: "file" } }],
        ]),
      );
      const step = project.step("days", days(1));
      const run = await project.run([project.step("orders"), step]);
      await run.make(project.step("orders"), staged({ codeVersion: "used" }));
      await run.apply(
        { change: "step.started", step: step.key },
        { change: "step.failed", step: step.key, reason: "no", code: "STEP_FAILED", codeVersion: "tried" },
      );
      assert.equal(await code.removeUnused(), 0);
      await run.end();
      assert.equal(await code.removeUnused(), 1);
      assert.deepEqual([...(await code.manifests(["used", "unused", "tried"])).keys()].toSorted(), [
        "tried",
        "used",
      ]);
    });

    test("code is in use by the runs that have not ended, in every environment of the project (N9)", async (t) => {
      const state = await (await database.make(t)).open();
      const main = await TestProject.open(state);
      const branch = await TestProject.open(state, {}, { environment: "branch" });
      const other = await TestProject.open(state, {}, { project: "other" });
      const first = await main.run([], { codePin: "one" });
      await branch.run([], { codePin: "two" });
      await main.run([], { codePin: "two" });
      await main.run([]);
      await other.run([], { codePin: "three" });
      assert.deepEqual(await state.code.pinsInUse(main.scope), ["one", "two"]);
      await first.end("canceled");
      assert.deepEqual(await state.code.pinsInUse(main.scope), ["two"]);
    });

    test("a run goes on with other code: some steps again, some more, some no longer (N9)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { state, scope } = project;
      const [kept, again, waiting, gone, more] = [0, 1, 2, 3, 4].map((day) =>
        project.step("days", days(day)),
      ) as [
        ReturnType<TestProject["step"]>,
        ReturnType<TestProject["step"]>,
        ReturnType<TestProject["step"]>,
        ReturnType<TestProject["step"]>,
        ReturnType<TestProject["step"]>,
      ];
      const run = await project.run([kept, again, waiting, gone], { codePin: "old" });
      const keptVersion = await run.make(kept);
      const oldVersion = await run.make(again);
      const goneVersion = await run.make(gone);
      const revision = {
        basis: "new basis",
        codePin: "new",
        pending: [again.key, waiting.key],
        added: [more],
        dropped: [gone.key],
      };
      const { lease, abandoned } = await state.runs.takeOver(scope, run.id, 1, owner, longLease, revision);
      assert.deepEqual(
        abandoned.map(({ versionId }) => versionId).toSorted(),
        [goneVersion, oldVersion].toSorted(),
      );
      const { codePin, basis, stepCount, status } = (await state.runs.get(scope, run.id)) ?? assert.fail();
      assert.deepEqual([codePin, basis, stepCount, status], ["new", "new basis", 5, "running"]);
      const steps = await state.runs.steps(run.id);
      assert.deepEqual(
        steps.map((step) => [step.key, step.status, step.reason ?? step.outputs[0]?.versionId]),
        [
          [kept.key, "success", keptVersion],
          [again.key, "pending", undefined],
          [waiting.key, "pending", undefined],
          [gone.key, "skipped", "no longer asked for"],
          [more.key, "pending", undefined],
        ],
      );
      const claims = steps.filter((step) => step.status === "success").map(({ key }) => key);
      assert.deepEqual(claims, [kept.key]);

      const once = await state.runs.takeOver(scope, run.id, lease.token, owner, longLease);
      assert.deepEqual(once.abandoned, []);
      const [, , , stillGone] = await state.runs.steps(run.id);
      assert.deepEqual([stillGone?.status, stillGone?.reason], ["skipped", "no longer asked for"]);
      const asked = { ...revision, pending: [again.key, waiting.key, gone.key], added: [], dropped: [] };
      await state.runs.takeOver(scope, run.id, lease.token + 1, owner, longLease, asked);
      assert.equal((await state.runs.steps(run.id))[3]?.status, "pending");
    });

    test("a failed step says with which code and inputs it was tried (N23)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const step = project.step("orders");
      const run = await project.run([step]);
      const failed = { change: "step.failed", step: step.key, reason: "no", code: "STEP_FAILED" } as const;
      const started = { change: "step.started", step: step.key } as const;
      await run.apply(started, { ...failed, codeVersion: "code", inputVersion: "inputs" });
      await run.end("failure");
      const { assetId } = project.asset("orders");
      const read = () => project.state.runs.failedSteps(project.scope, [assetId], 5);
      const [tried] = await read();
      assert.deepEqual([tried?.codeVersion, tried?.inputVersion], ["code", "inputs"]);
      const second = await project.run([step]);
      await second.apply(started, failed);
      const [untold] = await read();
      assert.deepEqual(
        [untold?.runId, untold?.codeVersion, untold?.inputVersion],
        [second.id, undefined, undefined],
      );
    });
  });
}
