import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { refused } from "./refusal.ts";
import { daily, days, longLease, owner, TestProject } from "./test-project.ts";

export function claimsContract(database: DatabaseUnderTest): void {
  suite(`claims in ${database.name}`, () => {
    test("a step whose range a live run claims is refused, naming both (N15)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const wide = project.step("days", days(10, 20));
      const one = await project.run([wide]);
      await one.start(wide);
      for (const range of [days(10, 20), days(5, 11), days(19, 25), days(12), days(0, 99)]) {
        const step = project.step("days", range);
        const two = await project.run([step]);
        const error = await refused("RUN_CLAIMED", two.start(step));
        assert.deepEqual(error.details, { step: step.key, run: one.id });
        assert.equal((await project.state.runs.steps(two.id))[0]?.status, "pending");
      }
    });

    test("ranges that do not meet, other slices, assets and environments are free (N15)", async (t) => {
      const state = await (await database.make(t)).open();
      const assets = { days: daily, other: daily };
      const project = await TestProject.open(state, assets);
      const branch = await TestProject.open(state, assets, { environment: "branch" });
      const first = project.step("days", days(10, 20));
      await (await project.run([first])).start(first);
      for (const step of [
        project.step("days", days(0, 10)),
        project.step("days", days(20, 30)),
        project.step("days", { slice: "de", from: 10, to: 20 }),
        project.step("other", days(10, 20)),
      ]) {
        await (await project.run([step])).start(step);
      }
      await (await branch.run([first])).start(first);
    });

    test("a claim of a run whose lease has lapsed gives way, and a resumed run claims anew (N15)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const wide = project.step("days", days(10, 20));
      const narrow = project.step("days", days(12));
      const dead = await project.run([wide], { leaseMs: 1 });
      await dead.start(wide);
      await sleep(20);
      const live = await project.run([narrow]);
      await live.start(narrow);
      const { lease } = await project.state.runs.takeOver(project.scope, dead.id, 1, owner, longLease);
      await refused(
        "RUN_CLAIMED",
        project.state.runs.apply(project.scope, lease, [{ change: "step.started", step: wide.key }]),
      );
    });

    test("a run's own claim, also of an attempt or a process before, is in nobody's way (N15)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const step = project.step("days", days(1));
      const run = await project.run([step]);
      await run.start(step);
      await run.start(step);
      const { lease } = await project.state.runs.takeOver(project.scope, run.id, 1, owner, longLease);
      await project.state.runs.apply(project.scope, lease, [{ change: "step.started", step: step.key }]);
      const other = await project.run([step]);
      await refused("RUN_CLAIMED", other.start(step));
    });

    test("claims end with the run, with a step that fails, with a publish (N15)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const step = project.step("orders");
      const start = async () => {
        const run = await project.run([step]);
        await run.start(step);
        return run;
      };
      await (await start()).end("canceled");
      const failing = await start();
      await failing.apply({ change: "step.failed", step: step.key, reason: "no", code: "STEP_FAILED" });
      const publishing = await project.run([step]);
      await publishing.publish({ versionIds: [await publishing.make(step)] });
      await start();
    });

    test("a run that is continued keeps the claims of what it has made, and gives back the rest (N15)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const [made, begun] = [project.step("days", days(1)), project.step("days", days(2))];
      const run = await project.run([made, begun]);
      await run.make(made);
      await run.start(begun);
      await project.state.runs.takeOver(project.scope, run.id, 1, owner, longLease);
      const other = await project.run([made, begun]);
      await refused("RUN_CLAIMED", other.start(made));
      await other.start(begun);
    });

    test("a run that lost its claim while its lease had lapsed publishes nothing over the one who has it (N15)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const step = project.step("orders");
      const slow = await project.run([step], { leaseMs: 1 });
      const versionId = await slow.make(step);
      await sleep(20);
      const quick = await project.run([step]);
      await quick.start(step);
      const error = await refused("RUN_CLAIMED", slow.publish({ versionIds: [versionId] }));
      assert.equal(error.details["run"], quick.id);
    });

    test("of two processes that claim overlapping ranges at the same moment, one gets them (N15)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const other = project.through(await made.open());
      for (let round = 0; round < 15; round += 1) {
        const at = round * 10;
        const one = await project.run([project.step("days", days(at, at + 6))]);
        const two = await other.run([other.step("days", days(at + 3, at + 9))]);
        const outcomes = await Promise.allSettled(
          [one, two].flatMap((run) => run.steps.map((step) => run.start(step))),
        );
        assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1, `round ${round}`);
      }
    });
  });
}
