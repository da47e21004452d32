import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { RunRevision, TakenOver } from "../../../src/ports/state/run-store.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { longLease, owner, TestProject, TestRun } from "./test-project.ts";

const minute = 60_000;
const none = { pending: [], added: [], dropped: [] };

/** A run of one step, `orders`, and the processes that go on with it. */
async function failingRun(t: Parameters<DatabaseUnderTest["make"]>[0], database: DatabaseUnderTest) {
  const project = await TestProject.open(await (await database.make(t)).open());
  const step = project.step("orders");
  let run = await project.run([step]);
  return {
    project,
    step,
    run: () => run,
    /** An attempt that fails, and after which it waits. */
    fail: async (delayMs: number, how: { readonly excused?: true } = {}): Promise<void> => {
      await run.start(step);
      await run.apply({ change: "step.retrying", step: step.key, reason: "no answer", delayMs, ...how });
    },
    takeOver: async (revision: Partial<RunRevision> = {}): Promise<TakenOver["history"]> => {
      const { runs } = project.state;
      const revised = { basis: "same", ...none, ...revision };
      const taken = await runs.takeOver(project.scope, run.id, run.lease.token, owner, longLease, revised);
      run = new TestRun(project, taken.lease, run.steps);
      return taken.history;
    },
  };
}

/** What a process that goes on is told, and whether there is a wait of about a minute. */
function shown(history: TakenOver["history"]): readonly object[] {
  return history.map(({ waitMs, ...step }) => {
    assert.ok(waitMs === undefined || (waitMs > minute / 2 && waitMs <= minute), `waits ${waitMs}`);
    return { ...step, waits: waitMs !== undefined };
  });
}

export function retriesContract(database: DatabaseUnderTest): void {
  suite(`retries in ${database.name}`, () => {
    test("N37: a process that dies while a step waits leaves the rest of the wait and the count to the next, and is no interruption", async (t) => {
      const { fail, takeOver } = await failingRun(t, database);
      await fail(minute);
      await fail(minute);
      const waiting = { step: "orders", attempts: 2, interruptions: 0, failures: 2, waits: true };
      assert.deepEqual(shown(await takeOver()), [waiting]);
      assert.deepEqual(shown(await takeOver()), [waiting], "who went on died before it was over");
      await fail(minute);
      assert.deepEqual(shown(await takeOver()), [{ ...waiting, attempts: 3, failures: 3 }]);
    });

    test("N37: a step says until when it waits, and no longer once it is tried again", async (t) => {
      const { fail, run, step, project } = await failingRun(t, database);
      const waits = async (): Promise<number | undefined> => {
        const [{ retryAt } = {}] = await project.state.runs.steps(run().id);
        return retryAt === undefined ? undefined : Math.round((retryAt - Date.now()) / minute);
      };
      assert.equal(await waits(), undefined);
      await fail(10 * minute);
      assert.equal(await waits(), 10);
      await run().start(step);
      assert.equal(await waits(), undefined);
    });

    test("N37: a wait that is over is none, and a process that dies in the try after it is an interruption", async (t) => {
      const { fail, takeOver, run, step } = await failingRun(t, database);
      await fail(0);
      assert.deepEqual(shown(await takeOver()), [
        { step: "orders", attempts: 1, interruptions: 0, failures: 1, waits: false },
      ]);
      await fail(minute);
      await run().start(step);
      assert.deepEqual(shown(await takeOver()), [
        { step: "orders", attempts: 3, interruptions: 1, failures: 2, waits: false },
      ]);
    });

    test("N37: what is excused waits, too, and does not count", async (t) => {
      const { fail, takeOver } = await failingRun(t, database);
      await fail(minute);
      await fail(minute, { excused: true });
      assert.deepEqual(shown(await takeOver()), [
        { step: "orders", attempts: 2, interruptions: 0, failures: 1, waits: true },
      ]);
    });

    test("N37: a run that was canceled during a wait is gone on with where it was", async (t) => {
      const { fail, takeOver, run } = await failingRun(t, database);
      await fail(minute);
      await run().end("canceled");
      assert.deepEqual(shown(await takeOver()), [
        { step: "orders", attempts: 1, interruptions: 0, failures: 1, waits: true },
      ]);
    });

    test("N37: a step that failed for good has all its tries again once it is asked for again, and so has one of other code", async (t) => {
      const { fail, takeOver, run, step } = await failingRun(t, database);
      const anew = { step: "orders", interruptions: 0, failures: 0, waits: false };
      await fail(minute);
      await run().start(step);
      await run().apply({ change: "step.failed", step: "orders", reason: "no", code: "STEP_FAILED" });
      await run().end("failure");
      assert.deepEqual(shown(await takeOver({ pending: ["orders"] })), [{ ...anew, attempts: 2 }]);
      await fail(minute);
      assert.deepEqual(shown(await takeOver({ basis: "other", pending: ["orders"] })), [
        { ...anew, attempts: 3 },
      ]);
    });

    test("N37: what is made again although it had succeeded begins anew; what has succeeded has no history", async (t) => {
      const { fail, takeOver, run, step } = await failingRun(t, database);
      await fail(minute);
      await run().make(step);
      assert.deepEqual(await takeOver(), []);
      assert.deepEqual(shown(await takeOver({ pending: ["orders"] })), [
        { step: "orders", attempts: 2, interruptions: 0, failures: 0, waits: false },
      ]);
    });

    test("N37: a step that is stuck goes on counting the failures it had", async (t) => {
      const { fail, takeOver, run, step } = await failingRun(t, database);
      await fail(minute);
      await run().start(step);
      await run().apply({ change: "step.failed", step: "orders", reason: "stuck", code: "STEP_STUCK" });
      assert.deepEqual(shown(await takeOver()), [
        { step: "orders", attempts: 2, interruptions: 1, failures: 1, waits: false },
      ]);
    });
  });
}
