import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { NewStep, RunChange, RunLease, StepValue } from "../../../src/ports/state/run-store.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { hour, pass, removeFiles, retention } from "./hand-clock.ts";
import { longLease, owner, TestProject } from "./test-project.ts";

const op = (key: string): NewStep => ({ key, outputs: [] });
const versions = { codeVersion: "code 1", inputVersion: "input 1" };
const gave = (step: string, value: StepValue): RunChange => ({
  change: "step.succeeded",
  step,
  versionIds: [],
  gave: { ...versions, value },
});
const started = (step: string): RunChange => ({ change: "step.started", step });
const inStore = {
  id: "11111111-1111-4111-8111-111111111111",
  store: "directory",
  file: "step.values/11111111-1111-4111-8111-111111111111/0.json",
  digest: "abc",
  bytes: 70_000,
} satisfies StepValue;

class JobRun {
  readonly project: TestProject;
  readonly lease: RunLease;

  constructor(project: TestProject, lease: RunLease) {
    this.project = project;
    this.lease = lease;
  }

  static async begin(project: TestProject, ops: readonly string[], id = "r"): Promise<JobRun> {
    const facts = { identity: "i", basis: "b", selection: "ingest", job: "ingest", trigger: "run", tags: {} };
    const made = { ...facts, id, steps: [...ops.map(op), project.step("orders")] };
    return new JobRun(project, await project.state.runs.create(project.scope, made, owner, longLease));
  }

  apply(...changes: readonly RunChange[]): Promise<void> {
    return this.project.state.runs.apply(this.project.scope, this.lease, changes);
  }

  /** `key status attempts` of each step, in their order. */
  async steps(): Promise<string[]> {
    const steps = await this.project.state.runs.steps(this.lease.runId);
    return steps.map(({ key, status, attempts }) => `${key} ${status} ${attempts}`);
  }

  values(...steps: readonly string[]): Promise<ReadonlyMap<string, StepValue>> {
    return this.project.state.runs.values(this.lease.runId, steps);
  }

  end(status: "success" | "failure" | "canceled"): Promise<void> {
    return this.project.state.runs.end(this.project.scope, this.lease, status);
  }
}

export function opsContract(database: DatabaseUnderTest): void {
  suite(`steps of ops in ${database.name}`, () => {
    const open = async (t: Parameters<typeof database.make>[0]) => {
      const made = await database.make(t);
      return { made, project: await TestProject.open(await made.open()) };
    };

    test("a run of a job says so, and its ops are steps that make no asset and claim nothing", async (t) => {
      const { project, made } = await open(t);
      const run = await JobRun.begin(project, ["fetch", "merge"]);
      await run.apply(started("fetch"), gave("fetch", { inline: "[1,2]" }), started("merge"));
      assert.deepEqual(await run.steps(), ["fetch success 1", "merge running 1", "orders pending 0"]);
      const [fetch, , orders] = await project.state.runs.steps("r");
      assert.deepEqual([fetch?.outputs, fetch?.range, fetch?.versions], [[], undefined, versions]);
      assert.equal(orders?.outputs.length, 1);
      const record = await project.state.runs.get(project.scope, "r");
      assert.deepEqual([record?.job, record?.stepCount], ["ingest", 3]);
      assert.deepEqual(await made.execute("select * from claim"), []);
    });

    test("the runs of one job are listed by themselves, newest first and by pages, with what was asked of it", async (t) => {
      const { project } = await open(t);
      const asked = { partition: "2025-01", only: ["a"], givenBy: "r0", makes: { materialize: ["orders"] } };
      const facts = { identity: "i", basis: "b", selection: "x", trigger: "run", tags: {}, steps: [] };
      const { runs } = project.state;
      for (const [id, job] of [
        ["r0", "ingest"],
        ["r1", "other"],
        ["r2", "ingest"],
        ["r3", undefined],
        ["r4", "ingest"],
      ] as const) {
        const of = job === undefined ? {} : { job, asked: { ...asked, partition: id } };
        const lease = await runs.create(project.scope, { ...facts, id, ...of }, owner, longLease);
        await runs.end(project.scope, lease, "canceled");
      }
      const listed = async (options: Parameters<typeof runs.list>[1]): Promise<readonly string[]> =>
        (await runs.list(project.scope, options)).map(({ id }) => id);
      assert.deepEqual(await listed({ limit: 9, job: "ingest" }), ["r4", "r2", "r0"]);
      assert.deepEqual(await listed({ limit: 1, job: "ingest", before: "r4" }), ["r2"]);
      assert.deepEqual(await listed({ limit: 9, job: "nobody" }), []);
      assert.equal((await listed({ limit: 9 })).length, 5);
      assert.deepEqual((await runs.get(project.scope, "r2"))?.asked, { ...asked, partition: "r2" });
      assert.equal((await runs.get(project.scope, "r3"))?.asked, undefined);
      const before = await runs.get(project.scope, "r2");
      const revision = { basis: "b", pending: [], added: [], dropped: [] };
      const take = (changed: object) => async (token: number) =>
        runs.takeOver(project.scope, "r2", token, owner, longLease, { ...revision, ...changed });
      const { lease } = await take({})(before?.token ?? 0);
      assert.equal((await runs.get(project.scope, "r2"))?.asked?.partition, "r2");
      await take({ asked: { partition: "other" } })(lease.token);
      assert.deepEqual((await runs.get(project.scope, "r2"))?.asked, { partition: "other" });
    });

    test("what ops gave is read back as it was, small or by its place in a store, whatever it holds", async (t) => {
      const { project } = await open(t);
      const run = await JobRun.begin(project, ["a", "b", "c"]);
      const odd = JSON.stringify({ text: "\u0000 \ud800 é 🛫", slash: "\\u0000" });
      await run.apply(
        started("a"),
        gave("a", { inline: odd }),
        started("b"),
        gave("b", inStore),
        started("c"),
      );
      assert.deepEqual(
        await run.values("a", "b", "c", "ghost"),
        new Map<string, StepValue>([
          ["a", { inline: odd }],
          ["b", inStore],
        ]),
      );
    });

    test("a step that begins again no longer has what it gave before", async (t) => {
      const { project } = await open(t);
      const run = await JobRun.begin(project, ["a"]);
      await run.apply(started("a"), gave("a", { inline: "1" }));
      await run.apply(started("a"));
      assert.equal((await run.values("a")).size, 0);
      assert.equal((await project.state.runs.steps("r"))[0]?.versions, undefined);
    });

    test("steps of a list are added once its items are known, also in the batch in which they begin", async (t) => {
      const { project } = await open(t);
      const run = await JobRun.begin(project, ["list"]);
      const items = [op("fetch[0]"), op("fetch[1]")];
      const added: RunChange = { change: "steps.added", steps: items, from: 2, by: "map" };
      await run.apply(added, started("fetch[1]"), gave("fetch[1]", { inline: "1" }));
      // By a process that goes on, which knows no better.
      await run.apply({ ...added, steps: [...items, op("fetch[2]")] });
      assert.deepEqual(await run.steps(), [
        "list pending 0",
        "orders pending 0",
        "fetch[0] pending 0",
        "fetch[1] success 1",
        "fetch[2] pending 0",
      ]);
      assert.equal((await project.state.runs.get(project.scope, "r"))?.stepCount, 5);
      const events = await project.state.events.read(project.scope, { runId: "r", limit: 20 });
      assert.deepEqual(
        events.flatMap(({ type, data, step }) => (type === "steps.added" ? [[step, data]] : [])),
        [
          ["map", { steps: 2 }],
          ["map", { steps: 3 }],
        ],
      );
    });

    test("whoever goes on with a run finds what is committed, and everything else pending (promise 3)", async (t) => {
      const { project } = await open(t);
      const run = await JobRun.begin(project, ["done", "busy", "failed", "own skip", "held back"]);
      await run.apply(
        started("done"),
        gave("done", { inline: "1" }),
        started("busy"),
        started("failed"),
        { change: "step.failed", step: "failed", reason: "no", code: "STEP_FAILED", ...versions },
        started("own skip"),
        { change: "step.skipped", step: "own skip", reason: "nothing", cause: "author", with: versions },
        { change: "step.skipped", step: "held back", reason: "failed", cause: "upstream" },
      );
      const taken = await project.state.runs.takeOver(project.scope, "r", 1, owner, longLease);
      assert.deepEqual(
        taken.history.map(({ step, attempts, interruptions }) => [step, attempts, interruptions]),
        [
          ["busy", 1, 1],
          ["failed", 1, 0],
        ],
      );
      assert.deepEqual(await run.steps(), [
        "done success 1",
        "busy pending 1",
        "failed pending 1",
        "own skip skipped 1",
        "held back pending 0",
        "orders pending 0",
      ]);
      const steps = await project.state.runs.steps("r");
      assert.deepEqual([steps[0]?.versions, steps[3]?.versions], [versions, versions]);
      assert.deepEqual(await run.values("done"), new Map([["done", { inline: "1" }]]));
    });

    test("a step that a run which has succeeded never came to is one that nobody asked for any longer", async (t) => {
      const { project } = await open(t);
      const run = await JobRun.begin(project, ["a"]);
      await run.end("success");
      assert.deepEqual(await run.steps(), ["a skipped 0", "orders skipped 0"]);
      const other = await JobRun.begin(project, ["a"], "r2");
      await other.end("canceled");
      assert.deepEqual(await other.steps(), ["a pending 0", "orders pending 0"]);
    });

    test("values go when their run ended longer ago than is kept, and not before (N18)", async (t) => {
      const { project, made } = await open(t);
      const old = await JobRun.begin(project, ["a", "b"]);
      await old.apply(started("a"), gave("a", { inline: "1" }), started("b"), gave("b", inStore));
      const { state } = project;
      const living = async () => [...(await state.retention.living([inStore.id], retention.graceMs))];
      await old.end("canceled");
      await pass(made, retention.keepMs - hour);
      const young = await JobRun.begin(project, ["a"], "r2");
      await young.apply(started("a"), gave("a", { inline: "2" }));
      await removeFiles(project);
      assert.equal((await old.values("a", "b")).size, 2);
      assert.deepEqual(await living(), [inStore.id]);
      await pass(made, 2 * hour);
      await removeFiles(project);
      assert.equal((await old.values("a", "b")).size, 0);
      assert.deepEqual(await living(), [], "the file is the sweep's");
      assert.deepEqual(
        (await state.runs.steps("r")).flatMap(({ versions: left }) => left ?? []),
        [],
        "and it is not gone on with as if the values were there",
      );
      assert.equal(
        (await young.values("a")).size,
        1,
        "a run at work keeps what it has, however long it takes",
      );
    });
  });
}
