import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { processStat } from "../../src/app/process-stat.ts";
import { leaseMs, leaseWorld, project } from "./lease-world.ts";
import { run } from "./materialize-process.ts";

const script = new URL("./materialize-selection.ts", import.meta.url).pathname;
const command = [script, project, "busy or first"];

for (const database of ["sqlite", "postgres"] as const) {
  test(
    `a step that does not let go of the main thread when its time is over ends its process, says why, and its run goes on, with state in ${database} (N35)`,
    { timeout: 120_000, skip: process.platform !== "linux" },
    async (t) => {
      const world = await leaseWorld(t, database, { LIMIT: "500ms" });
      const log = join(world.folder, "child.log");
      const started = performance.now();
      const stuck = await run(
        { ...world.environment, BUSY_MS: "60000", WITH_CHILD: "1", CHILD_LOG: log },
        undefined,
        command,
      );
      assert.ok(performance.now() - started < 30_000);
      assert.equal(stuck.signal, "SIGALRM", stuck.errors);
      assert.match(
        stuck.errors,
        /error: busy: 2\.4 s after its time limit of 500 ms the main thread .*\n {2}→ Run the same command again/,
      );
      const child = processStat(Number(await readFile(log, "utf8")));
      assert.ok(child === undefined || child.dead, "its child lives");

      const { state, scope } = world.open.context;
      const [interrupted] = await state.runs.list(scope, { limit: 1 });
      assert.equal(interrupted?.endedAt, undefined);
      const [first, busy] = await state.runs.steps(interrupted?.id ?? "");
      assert.equal(first?.status, "success");
      assert.equal(busy?.status, "failure");
      assert.match(busy.reason ?? "", /had still not answered/);

      const { result, errors } = await run(world.environment, undefined, command);
      assert.equal(result?.outcome.status, "success", errors);
      assert.equal(result.outcome.runId, interrupted?.id);
      assert.deepEqual(await world.begun(), ["first", "busy", "busy"]);
    },
  );
}

test(
  "a step that is stuck each time is begun three times, and then fails (N37)",
  { timeout: 120_000, skip: process.platform !== "linux" },
  async (t) => {
    const world = await leaseWorld(t, "sqlite", { LIMIT: "100ms", BUSY_MS: "60000" });
    for (let time = 1; time <= 3; time += 1) {
      const { signal, errors } = await run(world.environment, undefined, command);
      assert.equal(signal, "SIGALRM", errors);
    }
    const { result, errors } = await run(world.environment, undefined, command);
    assert.deepEqual(
      result?.outcome.failed.map(({ code }) => code),
      ["STEP_INTERRUPTED"],
      errors,
    );
    assert.deepEqual(await world.begun(), ["first", "busy", "busy", "busy"]);
  },
);

test(
  "a check that does not let go of the main thread when its time is over ends its process, too (N35)",
  { timeout: 120_000, skip: process.platform !== "linux" },
  async (t) => {
    const world = await leaseWorld(t, "sqlite", {});
    const checked = [script, project, "checked"];
    const stuck = await run({ ...world.environment, BUSY_MS: "60000" }, undefined, checked);
    assert.equal(stuck.signal, "SIGALRM", stuck.errors);
    assert.match(stuck.errors, /checked: 2\.4 s after its time limit of 200 ms/);
    const { result, errors } = await run(world.environment, undefined, checked);
    assert.equal(result?.outcome.status, "success", errors);
    assert.deepEqual(await world.begun(), ["is small", "is small"]);
  },
);

test(
  "a step without a limit may keep the main thread as long as it likes, and one with a limit shorter than the grace (N35)",
  { timeout: 120_000 },
  async (t) => {
    const unlimited = await leaseWorld(t, "sqlite", { BUSY_MS: String(2 * leaseMs) });
    const late = await leaseWorld(t, "sqlite", { LIMIT: "100ms", BUSY_MS: String(0.5 * leaseMs) });
    for (const world of [unlimited, late]) {
      const { signal, errors } = await run(world.environment, undefined, command);
      assert.equal(signal, null, errors);
      assert.deepEqual(await world.begun(), ["first", "busy"]);
    }
  },
);

test(
  "a run that does not let go of the main thread when its time is over ends its process, and goes on by the same command (N35)",
  { timeout: 120_000, skip: process.platform !== "linux" },
  async (t) => {
    const world = await leaseWorld(t, "sqlite", {});
    const stuck = await run(
      { ...world.environment, BUSY_MS: "60000", RUN_LIMIT: "500ms" },
      undefined,
      command,
    );
    assert.equal(stuck.signal, "SIGALRM", stuck.errors);
    assert.match(
      stuck.errors,
      /error: 2\.4 s after the run's time limit of 500 ms the main thread .*\n {2}→ Run the same command again/,
    );
    const { result, errors } = await run(world.environment, undefined, command);
    assert.equal(result?.outcome.status, "success", errors);
    assert.deepEqual(await world.begun(), ["first", "busy", "busy"]);
  },
);
