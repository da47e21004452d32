import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { processStat } from "../../src/app/process-stat.ts";
import { type LeaseWorld, leaseWorld, project } from "./lease-world.ts";
import { type Ended, run } from "./materialize-process.ts";

const script = new URL("./materialize-selection.ts", import.meta.url).pathname;
const command = (selection: string): readonly string[] => [script, project, selection];

const places = [
  { database: "sqlite", where: "in a transaction" },
  { database: "sqlite", where: "outside of one" },
  { database: "postgres", where: "outside of one" },
] as const;

/** A run whose process stands still in its second step, and has a child. */
async function stopped(t: TestContext, { database, where }: (typeof places)[number]) {
  const world = await leaseWorld(t, database, {});
  const log = join(world.folder, "child.log");
  const environment = { ...world.environment, STOP: where, CHILD_LOG: log };
  const ended = run(environment, undefined, command("busy or first"));
  await world.until("busy");
  const lapsed = await world.runThat(({ leased }) => !leased);
  const child = processStat(Number(await readFile(log, "utf8"))) ?? assert.fail("it has no child");
  assert.equal(world.open.context.processes.isAlive(lapsed.owner ?? assert.fail()), true);
  return { world, ended, child, lapsed };
}

async function assertGone(ended: Promise<Ended>, child: { pid: number; start: string }): Promise<void> {
  assert.equal((await ended).signal, "SIGKILL");
  const now = processStat(child.pid);
  assert.ok(now === undefined || now.dead || now.start !== child.start, "its child lives");
}

const stepsOf = async (world: LeaseWorld, id: string): Promise<readonly string[]> =>
  (await world.open.context.state.runs.steps(id)).map(({ status }) => status);

for (const place of places) {
  const { database, where } = place;
  test(
    `a process that stands still ${where} is killed with its child, and its run goes on, with state in ${database} (N35, N36)`,
    { timeout: 120_000, skip: process.platform !== "linux" },
    async (t) => {
      const { world, ended, child, lapsed } = await stopped(t, place);
      const { result, errors } = await run(world.environment, undefined, command("busy or first"));
      assert.equal(result?.outcome.status, "success", errors);
      assert.equal(result.outcome.runId, lapsed.id);
      await assertGone(ended, child);
      assert.deepEqual(await world.begun(), ["first", "busy", "busy"]);
      assert.deepEqual(await stepsOf(world, lapsed.id), ["success", "success"]);
    },
  );

  test(
    `a process that stands still ${where} is killed before a run of something else, with state in ${database} (N35, N36)`,
    { timeout: 120_000, skip: process.platform !== "linux" },
    async (t) => {
      const { world, ended, child, lapsed } = await stopped(t, place);
      const { result, errors } = await run(world.environment, undefined, command("other"));
      assert.equal(result?.outcome.status, "success", errors);
      await assertGone(ended, child);
      const { state, scope } = world.open.context;
      const before = await state.runs.get(scope, lapsed.id);
      assert.equal(before?.status, "canceled");
      assert.match(before.error ?? "", /renewed its lease no longer, and was ended/);
      assert.deepEqual(await stepsOf(world, lapsed.id), ["success", "pending"]);
      assert.deepEqual(await world.begun(), ["first", "busy", "other"]);
    },
  );
}

test(
  "a process whose lease lives is left alone, however busy (N35)",
  { timeout: 120_000, skip: process.platform !== "linux" },
  async (t) => {
    const world = await leaseWorld(t, "sqlite", { BUSY_MS: "6000" });
    const ended = run(world.environment, undefined, command("busy or first"));
    await world.until("busy");
    const refused = await run(world.environment, undefined, command("busy or first"));
    assert.match(refused.errors, /still at work/);
    const beside = await run(world.environment, undefined, command("other"));
    assert.equal(beside.result?.outcome.status, "success", beside.errors);
    const { result, errors } = await ended;
    assert.equal(result?.outcome.status, "success", errors);
    assert.deepEqual(await world.begun(), ["first", "busy", "other"]);
  },
);
