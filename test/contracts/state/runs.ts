import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { refused } from "./refusal.ts";
import type { TakenOver } from "../../../src/ports/state/run-store.ts";
import { days, input, longLease, owner, staged, TestProject, TestRun } from "./test-project.ts";

export function runsContract(database: DatabaseUnderTest): void {
  suite(`runs in ${database.name}`, () => {
    test("a run keeps when it publishes, unless whoever goes on with it says otherwise (N16)", async (t) => {
      const { state, scope } = await TestProject.open(await (await database.make(t)).open());
      const run = { identity: "i", basis: "b", selection: "*", trigger: "test", tags: {}, steps: [] };
      await state.runs.create(scope, { ...run, id: "r", publish: "step" }, owner, longLease);
      const revision = { basis: "b", pending: [], added: [], dropped: [] };
      const publish = async () => (await state.runs.get(scope, "r"))?.publish;
      assert.equal(await publish(), "step");
      await state.runs.takeOver(scope, "r", 1, owner, longLease, revision);
      assert.equal(await publish(), "step");
      await state.runs.takeOver(scope, "r", 2, owner, longLease, { ...revision, publish: "run" });
      assert.equal(await publish(), "run");
    });

    test("a run says all that it was made with, pinned to the snapshot of its beginning (N14)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { state, scope } = project;
      await project.materialize([project.step("orders"), {}]);
      const steps = [project.step("orders"), { ...project.step("days", days(3, 5)), mayRun: true }];
      const lease = await state.runs.create(
        scope,
        {
          id: "r1",
          identity: "same",
          basis: "code and files",
          selection: "orders+",
          trigger: "cli",
          tags: { by: "me" },
          codePin: "pin",
          config: { assets: { orders: { "a \u0000 b": ["***", { $env: "TOKEN" }] } } },
          steps,
        },
        owner,
        longLease,
      );
      assert.deepEqual(lease, { runId: "r1", token: 1, snapshot: 1 });
      const { createdAt, startedAt, ...run } = (await state.runs.get(scope, "r1")) ?? assert.fail();
      assert.ok(Math.abs(createdAt - Date.now()) < 60_000 && startedAt === createdAt);
      assert.deepEqual(run, {
        id: "r1",
        status: "running",
        selection: "orders+",
        identity: "same",
        basis: "code and files",
        codePin: "pin",
        config: { assets: { orders: { "a \u0000 b": ["***", { $env: "TOKEN" }] } } },
        trigger: "cli",
        tags: { by: "me" },
        snapshot: 1,
        token: 1,
        owner,
        leased: true,
        resumes: 0,
        stepCount: 2,
        publish: "run",
      });
      const orders = { asset: "orders", omitted: false };
      const inDays = { asset: "days", omitted: false };
      assert.deepEqual(await state.runs.steps("r1"), [
        {
          key: "orders",
          outputs: [orders],
          range: steps[0]?.range,
          status: "pending",
          attempts: 0,
          mayRun: false,
        },
        {
          key: "days[3-5]",
          outputs: [inDays],
          range: days(3, 5),
          status: "pending",
          attempts: 0,
          mayRun: true,
        },
      ]);
    });

    test("the newest run of an identity is found, and runs are listed newest first, page by page", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { runs } = project.state;
      for (const id of ["a", "b", "c", "d"]) await project.run([], { id, identity: id < "c" ? "x" : "y" });
      assert.equal((await runs.latest(project.scope, "x"))?.id, "b");
      assert.equal(await runs.latest(project.scope, "z"), undefined);
      const ids = async (before?: string) =>
        (await runs.list(project.scope, { limit: 3, ...(before === undefined ? {} : { before }) })).map(
          ({ id }) => id,
        );
      assert.deepEqual(await ids(), ["d", "c", "b"]);
      assert.deepEqual(await ids("b"), ["a"]);
    });

    test("ten thousand steps are made at once and keep their order", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const steps = Array.from({ length: 10_000 }, (_, index) => project.step("days", days(10_000 - index)));
      const run = await project.run(steps);
      const read = await project.state.runs.steps(run.id);
      assert.deepEqual(
        read.map(({ key }) => key),
        steps.map(({ key }) => key),
      );
    });

    test("a step's life is recorded: attempts, version, checks, what was observed", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open(), {
        orders: { identity: "none" },
        raw: { identity: "none" },
      });
      const { state, scope } = project;
      const step = project.step("orders");
      const run = await project.run([step]);
      const { assetId } = project.asset("raw");
      const columns = [{ name: "a", type: { kind: "varchar" }, nullable: false, rules: [] }] as const;
      const evaluation = {
        versionId: "v1",
        runId: run.id,
        check: "unique",
        scope: "partition",
        passed: false,
        blocking: false,
        severity: "warn",
        description: "2 rows",
        metadata: { rows: [1, 2] },
        reads: [{ ...input("raw", 0, "sha256:raw"), ranges: [days(1, 4)] }],
        evaluatedAt: 5,
      } as const;
      await run.apply(
        { change: "step.started", step: "orders" },
        { change: "version.intended", step: "orders", asset: "orders", versionId: "v0", kind: "table" },
        { change: "step.retrying", step: "orders", reason: "no luck", delayMs: 5 },
      );
      await run.apply(
        { change: "step.started", step: "orders" },
        { change: "version.intended", step: "orders", asset: "orders", versionId: "v1", kind: "table" },
      );
      assert.equal((await state.catalog.version("v1"))?.state, "intended");
      await run.apply(
        { change: "asset.observed", asset: "raw", assetId, dataVersion: "sha256:raw", mark: "{}" },
        {
          change: "version.staged",
          step: "orders",
          asset: "orders",
          version: staged({
            id: "v1",
            kind: "table",
            location: { store: "directory", files: ["v1/0.parquet"] },
            dataVersion: "t1:3:4:5",
            columns,
            rowCount: 3,
            bytes: 99,
            configHash: "config 1",
            resourceHash: "resources 1",
            inputs: [{ ...input("raw", 0, "sha256:raw"), ranges: [days(1, 4)] }],
            metadata: { note: "x" },
          }),
        },
        { change: "check.evaluated", step: "orders", asset: "orders", evaluation },
        { change: "step.succeeded", step: "orders", versionIds: ["v1"] },
      );
      const { createdAt, stagedAt, ...version } = (await state.catalog.version("v1")) ?? assert.fail();
      assert.ok((stagedAt ?? 0) >= createdAt);
      assert.deepEqual(version, {
        id: "v1",
        assetId: project.asset("orders").assetId,
        spaceId: step.spaceId,
        range: step.range,
        state: "staged",
        runId: run.id,
        step: "orders",
        kind: "table",
        location: { store: "directory", files: ["v1/0.parquet"] },
        dataVersion: "t1:3:4:5",
        columns,
        rowCount: 3,
        bytes: 99,
        codeVersion: "code 1",
        configHash: "config 1",
        resourceHash: "resources 1",
        inputs: [{ ...input("raw", 0, "sha256:raw"), ranges: [days(1, 4)] }],
        metadata: { note: "x" },
      });
      assert.deepEqual(await state.catalog.evaluations(scope, ["v1"]), [evaluation]);
      const observed = (await state.observations.latest(scope, [assetId])).get(assetId);
      assert.equal(observed?.dataVersion, "sha256:raw");
      assert.equal(observed?.runId, run.id);
      const [record] = await state.runs.steps(run.id);
      assert.deepEqual(
        [record?.status, record?.attempts, record?.outputs[0]?.versionId, record?.reason],
        ["success", 2, "v1", undefined],
      );
    });

    test("a rejected version stays known, as rejected, and its step has failed (N16)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const step = project.step("orders");
      const run = await project.run([step]);
      await run.apply(
        { change: "step.started", step: "orders" },
        { change: "version.staged", step: "orders", asset: "orders", version: staged({ id: "v1" }) },
        {
          change: "version.rejected",
          step: "orders",
          asset: "orders",
          versionId: "v1",
          reason: "not unique",
        },
        { change: "step.failed", step: "orders", reason: "not unique", code: "CHECK_FAILED" },
      );
      assert.equal((await project.state.catalog.version("v1"))?.state, "rejected");
      assert.match((await refused("INTERNAL", run.publish({ versionIds: ["v1"] }))).message, /rejected/);
      const [record] = await project.state.runs.steps(run.id);
      assert.deepEqual([record?.status, record?.reason], ["failure", "not unique"]);
    });

    test("the failed steps of an asset are found, newest first, among the newest runs that did not succeed (N23)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const fail = async (reason: string) => {
        const step = project.step("days", days(1));
        const run = await project.run([step, project.step("orders")]);
        await run.start(step);
        await run.apply(
          { change: "step.failed", step: step.key, reason, code: "STEP_FAILED" },
          { change: "step.failed", step: "orders", reason: "another asset", code: "STEP_FAILED" },
        );
        await run.end("failure");
        await sleep(2);
        return run.id;
      };
      const [first, second] = [await fail("first"), await fail("second")];
      await project.materialize([project.step("days", days(1)), {}]);
      const failed = (runs: number) =>
        project.state.runs.failedSteps(project.scope, [project.asset("days").assetId], runs);
      assert.deepEqual(
        (await failed(2)).map(({ runId, reason }) => [runId, reason]),
        [
          [second, "second"],
          [first, "first"],
        ],
      );
      const [{ endedAt, ...newest } = assert.fail(), ...others] = await failed(1);
      assert.ok(endedAt > 0);
      assert.deepEqual(
        [newest, others],
        [
          {
            assetId: project.asset("days").assetId,
            runId: second,
            key: project.step("days", days(1)).key,
            range: days(1),
            reason: "second",
            code: "STEP_FAILED",
          },
          [],
        ],
      );
    });

    test("a batch is applied as a whole or not at all, its events included (N33, N36)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const run = await project.run([project.step("orders")]);
      const before = await project.state.events.read(project.scope, {});
      await refused(
        "INTERNAL",
        run.apply(
          { change: "step.started", step: "orders" },
          { change: "version.staged", step: "orders", asset: "orders", version: staged({ id: "v1" }) },
          { change: "step.succeeded", step: "no such step", versionIds: ["v1"] },
        ),
      );
      assert.equal((await project.state.runs.steps(run.id))[0]?.status, "pending");
      assert.equal(await project.state.catalog.version("v1"), undefined);
      assert.deepEqual(await project.state.events.read(project.scope, {}), before);
    });

    test("a lease lapses by the database's clock, and a renewal begins it anew (N35)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const run = await project.run([], { leaseMs: 20 });
      await sleep(40);
      assert.equal((await project.state.runs.get(project.scope, run.id))?.leased, false);
      await project.state.runs.renew(run.lease, longLease);
      assert.equal((await project.state.runs.get(project.scope, run.id))?.leased, true);
    });

    test("a process whose clock is wrong neither lapses a lease nor keeps one (N35)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const held = await project.run([]);
      const lapsing = await project.run([], { leaseMs: 20 });
      await sleep(40);
      const day = 86_400_000;
      const now = Date.now();
      for (const wrong of [now + day, now - day]) {
        t.mock.timers.enable({ apis: ["Date"], now: wrong });
        const leased = await Promise.all(
          [held, lapsing].map(async ({ id }) => (await project.state.runs.get(project.scope, id))?.leased),
        );
        assert.deepEqual(leased, [true, false]);
        await project.state.runs.renew(held.lease, longLease);
        t.mock.timers.reset();
        assert.equal((await project.state.runs.get(project.scope, held.id))?.leased, true);
      }
    });

    test("every run that has not ended is found, however many began after it (N35)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const elsewhere = await project.branch("staging");
      const old = await project.run([]);
      for (let number = 0; number < 120; number += 1) await (await project.run([])).end();
      await elsewhere.run([]);
      const young = await project.run([]);
      const unended = await project.state.runs.unended(project.scope);
      assert.deepEqual(
        unended.map(({ id }) => id),
        [old.id, young.id],
      );
    });

    test("who lost the lease can commit nothing more (N35)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const other = project.through(await made.open());
      const run = await project.run([project.step("orders")]);
      const versionId = await run.make(project.step("orders"));
      const events = (await project.state.events.read(project.scope, {})).length;
      await other.state.runs.takeOver(other.scope, run.id, 1, owner, longLease);
      await refused("RUN_LOST", run.start(project.step("orders")));
      await refused("RUN_LOST", run.publish({ versionIds: [versionId] }));
      await refused("RUN_LOST", run.end());
      await refused("RUN_LOST", project.state.runs.renew(run.lease, longLease));
      assert.equal(await project.head(), 0);
      assert.equal((await project.state.events.read(project.scope, {})).length, events + 1);
    });

    test("of several processes that take a run over at once, one gets it (N35)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const states = await Promise.all(Array.from({ length: 4 }, () => made.open()));
      const run = await project.run([project.step("orders")]);
      const outcomes = await Promise.allSettled(
        states.map((state) => state.runs.takeOver(project.scope, run.id, 1, owner, longLease)),
      );
      assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
      for (const outcome of outcomes) {
        if (outcome.status === "rejected")
          await refused("RUN_ACTIVE", Promise.reject(outcome.reason as Error));
      }
      assert.equal((await project.state.runs.get(project.scope, run.id))?.token, 2);
    });

    test("a run that is taken over goes on from what is committed", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const steps = [0, 1, 2, 3, 4, 5].map((day) => project.step("days", days(day)));
      const [done, started, half, failed, unchanged, below] = steps.map(({ key }) => key) as [
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      const run = await project.run(steps);
      const kept = await run.make(project.step("days", days(0)));
      await run.apply(
        { change: "step.started", step: started },
        { change: "version.intended", step: started, asset: "days", versionId: "bytes", kind: "table" },
        { change: "step.started", step: half },
        { change: "version.staged", step: half, asset: "days", version: staged({ id: "unchecked" }) },
        { change: "step.started", step: failed },
        { change: "step.failed", step: failed, reason: "no", code: "STEP_FAILED" },
        { change: "step.skipped", step: unchanged, reason: "unchanged", cause: "unchanged" },
        { change: "step.skipped", step: below, reason: `${failed} failed`, cause: "upstream" },
      );
      await run.end("failure", "no");
      const { lease, abandoned } = await project.state.runs.takeOver(
        project.scope,
        run.id,
        1,
        owner,
        longLease,
      );
      assert.deepEqual(lease, { runId: run.id, token: 2, snapshot: 0 });
      // What was only intended was given up when the run ended; here the staged one remains to be named.
      assert.deepEqual(abandoned, [{ versionId: "unchecked", asset: "days" }]);
      assert.equal((await project.state.catalog.version("bytes"))?.state, "abandoned");
      assert.equal((await project.state.catalog.version("unchecked"))?.state, "abandoned");
      assert.equal((await project.state.catalog.version(kept))?.state, "staged");
      const records = await project.state.runs.steps(run.id);
      assert.deepEqual(
        records.map(({ key, status, outputs }) => [key, status, outputs[0]?.versionId]),
        [
          [done, "success", kept],
          [started, "pending", undefined],
          [half, "pending", undefined],
          [failed, "pending", undefined],
          [unchanged, "skipped", undefined],
          [below, "pending", undefined],
        ],
      );
      const record = await project.state.runs.get(project.scope, run.id);
      assert.deepEqual(
        [record?.status, record?.resumes, record?.error, record?.leased],
        ["running", 1, undefined, true],
      );
    });

    test("steps count how often their process ended under them; being canceled does not count, and other code begins anew (N37)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { runs } = project.state;
      const [one, two] = [project.step("orders"), project.step("days", days(1))];
      const run = await project.run([one, two]);
      const takeOver = async (token: number, revised?: string) => {
        const none = { pending: [], added: [], dropped: [] };
        const revision = revised === undefined ? [] : [{ basis: revised, ...none }];
        const taken = await runs.takeOver(project.scope, run.id, token, owner, longLease, ...revision);
        const begin = () => new TestRun(project, taken.lease, run.steps).start(one);
        return { ...taken, begin };
      };
      await run.start(one);
      const first = await takeOver(1);
      assert.deepEqual(interrupted(first), [{ step: one.key, times: 1 }]);
      await first.begin();
      const second = await takeOver(2);
      assert.deepEqual(interrupted(second), [{ step: one.key, times: 2 }]);
      assert.deepEqual(interrupted(await takeOver(3)), interrupted(second), "it was not at work");
      const fourth = await takeOver(4, "same");
      await fourth.begin();
      await runs.end(project.scope, fourth.lease, "canceled");
      assert.deepEqual(interrupted(await takeOver(5, "same")), interrupted(second), "it was canceled");
      const last = await takeOver(6, "other");
      assert.deepEqual(interrupted(last), []);
      const why = { reason: "begun too often", code: "STEP_INTERRUPTED" };
      await runs.apply(project.scope, last.lease, [{ change: "step.failed", step: one.key, ...why }]);
      const [record] = await runs.steps(run.id);
      assert.deepEqual([record?.status, record?.reason, record?.attempts], ["failure", why.reason, 3]);
    });

    test("a step that reaches another checkpoint each time does not count as interrupted again and again (N37)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { runs } = project.state;
      const one = project.step("orders");
      const run = await project.run([one]);
      const takeOver = async (token: number) => runs.takeOver(project.scope, run.id, token, owner, longLease);
      await run.start(one);
      const { lease } = await takeOver(1);
      await new TestRun(project, lease, run.steps).start(one);
      const reached = {
        change: "checkpoint.reached",
        step: one.key,
        name: "page",
        key: "",
        result: "1",
      } as const;
      await runs.apply(project.scope, lease, [reached]);
      assert.deepEqual(interrupted(await takeOver(2)), [{ step: one.key, times: 1 }]);
    });

    test("a step that was stuck when its process was ended counts as interrupted, one that failed otherwise does not (N37)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { runs } = project.state;
      const [stuck, failed] = [project.step("orders"), project.step("days", days(1))];
      const run = await project.run([stuck, failed]);
      await run.start(stuck);
      await run.start(failed);
      await run.apply(
        { change: "step.failed", step: stuck.key, reason: "still at work", code: "STEP_STUCK" },
        { change: "step.failed", step: failed.key, reason: "no", code: "STEP_FAILED" },
      );
      const taken = await runs.takeOver(project.scope, run.id, 1, owner, longLease);
      assert.deepEqual(interrupted(taken), [{ step: stuck.key, times: 1 }]);
      assert.deepEqual(
        (await runs.steps(run.id)).map(({ status }) => status),
        ["pending", "pending"],
      );
    });

    test("the versions a dead process left behind are named once to the one that goes on (N2)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const run = await project.run([project.step("orders")]);
      await run.apply(
        { change: "step.started", step: "orders" },
        { change: "version.intended", step: "orders", asset: "orders", versionId: "bytes", kind: "table" },
      );
      const { runs } = project.state;
      const first = await runs.takeOver(project.scope, run.id, 1, owner, longLease);
      const second = await runs.takeOver(project.scope, run.id, 2, owner, longLease);
      assert.deepEqual([first.abandoned, second.abandoned], [[{ versionId: "bytes", asset: "orders" }], []]);
    });

    test("a run that has ended accepts nothing more, but being told so again", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const run = await project.run([project.step("orders")]);
      await run.end("success");
      await run.end("success");
      await refused("RUN_ENDED", run.end("failure"));
      await refused("RUN_ENDED", run.start(project.step("orders")));
      await refused("RUN_ENDED", project.state.runs.takeOver(project.scope, run.id, 1, owner, longLease));
      const record = await project.state.runs.get(project.scope, run.id);
      assert.deepEqual([record?.status, record?.leased], ["success", false]);
    });

    test("a run that is not there is a named error", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { runs } = project.state;
      await refused("RUN_NOT_FOUND", runs.takeOver(project.scope, "none", 1, owner, longLease));
      await refused(
        "RUN_NOT_FOUND",
        runs.end(project.scope, { runId: "none", token: 1, snapshot: 0 }, "success"),
      );
      assert.equal(await runs.get(project.scope, "none"), undefined);
    });

    test("text that no database can hold is kept with a replacement character", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const run = await project.run([project.step("orders")]);
      const reason = "a\0b\uD800c ? {now} 'd' \u{1F600}";
      await run.apply(
        { change: "step.started", step: "orders" },
        { change: "log", step: "orders", level: "info", message: reason, fields: { reason } },
        { change: "step.failed", step: "orders", reason, code: "STEP_FAILED" },
      );
      await run.end("failure", reason);
      const kept = "a\uFFFDb\uFFFDc ? {now} 'd' \u{1F600}";
      assert.equal((await project.state.runs.steps(run.id))[0]?.reason, kept);
      assert.equal((await project.state.runs.get(project.scope, run.id))?.error, kept);
    });

    test("a report is noted once for each key, also when it is sent several times at once (N25)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const { assetId } = project.asset("orders");
      const others = await Promise.all(
        Array.from({ length: 4 }, async () => project.through(await made.open())),
      );
      const report = { assetId, asset: "orders", dataVersion: "d1", metadata: { rows: 1 }, by: "loader" };
      const sent = await Promise.all(
        others.map(({ state }) =>
          state.observations.report(project.scope, { ...report, idempotencyKey: "k" }),
        ),
      );
      assert.equal(sent.filter(({ repeated }) => !repeated).length, 1);
      assert.equal(new Set(sent.map(({ record }) => JSON.stringify(record))).size, 1);
      const { observations, events } = project.state;
      await refused(
        "REPORT_CONFLICT",
        observations.report(project.scope, { ...report, dataVersion: "d2", idempotencyKey: "k" }),
      );
      await observations.report(project.scope, report);
      const history = await observations.history(project.scope, assetId, 10);
      assert.deepEqual(
        history.map(({ dataVersion, metadata, report: of }) => [dataVersion, metadata, of]),
        [
          ["d1", { rows: 1 }, { by: "loader" }],
          ["d1", { rows: 1 }, { by: "loader", idempotencyKey: "k" }],
        ],
      );
      assert.deepEqual(
        (await events.read(project.scope, { asset: "orders" })).map(({ type }) => type),
        ["asset.reported", "asset.reported"],
      );
    });

    test("an observation that repeats the last one only moves its time on (N25)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const { assetId } = project.asset("orders");
      const seen = (dataVersion: string, observedAt: number) =>
        project.state.observations.record(project.scope, {
          assetId,
          asset: "orders",
          dataVersion,
          mark: "{}",
          observedAt,
        });
      await seen("d1", 1);
      await seen("d1", 2);
      await seen("d2", 3);
      assert.deepEqual(
        [...(await project.state.observations.latest(project.scope, [assetId, 999])).values()],
        [{ assetId, dataVersion: "d2", mark: "{}", observedAt: 3 }],
      );
      assert.equal((await made.execute("select sequence from observation")).length, 2);
    });
  });
}

/** Steps that have been interrupted, and how often. */
function interrupted({ history }: TakenOver): readonly { readonly step: string; readonly times: number }[] {
  return history.flatMap(({ step, interruptions: times }) => (times === 0 ? [] : { step, times }));
}
