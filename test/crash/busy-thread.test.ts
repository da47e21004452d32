import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { leaseMs, leaseWorld, project } from "./lease-world.ts";
import { run } from "./materialize-process.ts";

const script = new URL("./materialize-selection.ts", import.meta.url).pathname;

const command = [script, project, "busy or first"];

for (const database of ["sqlite", "postgres"] as const) {
  test(
    `code that never lets go of the main thread does not lose its lease, with state in ${database} (N35)`,
    { timeout: 120_000 },
    async (t) => {
      const world = await leaseWorld(t, database, { BUSY_MS: String(3 * leaseMs) });
      const ended = run(world.environment, undefined, command);
      await world.until("busy");
      const { state, scope } = world.open.context;
      const until = Date.now() + 2.5 * leaseMs;
      let looks = 0;
      for (; Date.now() < until; looks += 1) {
        const [found] = await state.runs.list(scope, { limit: 1 });
        assert.equal(found?.status, "running");
        assert.ok(found.leased, `the lease lapsed at look ${looks}`);
        await delay(50);
      }
      assert.ok(looks > 10);
      const { result, errors } = await ended;
      assert.equal(result?.outcome.status, "success", errors);
      assert.deepEqual(await world.begun(), ["first", "busy"]);
    },
  );

  test(
    `code that was busy while its run was taken over commits nothing, and says why, with state in ${database} (N35)`,
    { timeout: 120_000 },
    async (t) => {
      const world = await leaseWorld(t, database, { BUSY_MS: String(1.5 * leaseMs) });
      const ended = run(world.environment, undefined, command);
      await world.until("busy");
      const { state, scope, processes } = world.open.context;
      const [found] = await state.runs.list(scope, { limit: 1 });
      assert.ok(found);
      await state.runs.takeOver(scope, found.id, found.token, processes.self, 60_000);
      const { result, errors } = await ended;
      assert.equal(result, undefined);
      assert.match(errors, /taken over by another process/);
      const steps = await state.runs.steps(found.id);
      assert.deepEqual(
        steps.map(({ key, status }) => [key, status]),
        [
          ["first", "success"],
          ["busy", "pending"],
        ],
      );
    },
  );
}

test(
  "a process that is itself in a transaction for longer than a lease keeps its run (N35)",
  { timeout: 120_000 },
  async (t) => {
    const world = await leaseWorld(t, "sqlite", { LOCKED: "1", BUSY_MS: String(2 * leaseMs) });
    const { result, errors } = await run(world.environment, undefined, command);
    assert.equal(result?.outcome.status, "success", errors);
    assert.deepEqual(await world.begun(), ["first", "busy"]);
  },
);
