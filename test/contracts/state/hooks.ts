import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { RunChange } from "../../../src/ports/state/run-store.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { refused } from "./refusal.ts";
import { longLease, owner, TestProject } from "./test-project.ts";

const line: RunChange = { change: "log", level: "info", message: "the end" };
const failed: Extract<RunChange, { change: "hook.failed" }> = {
  change: "hook.failed",
  hook: "onSuccess",
  of: "project",
  reason: "nobody is there",
};

export function hooksContract(database: DatabaseUnderTest): void {
  suite(`what hooks say in ${database.name}`, () => {
    test("is told of a step or of the run, also once the run has ended", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const step = project.step("orders");
      const run = await project.run([step]);
      await run.make(step);
      await run.apply({ ...failed, step: "orders" });
      await run.end();
      await run.apply(line, failed);
      const events = await project.state.events.read(project.scope, { types: ["log", "hook.failed"] });
      assert.deepEqual(
        events.map(({ type, runId, step: about, asset, data }) => [type, runId, about, asset, data]),
        [
          [
            "hook.failed",
            run.id,
            "orders",
            "orders",
            { hook: "onSuccess", of: "project", reason: "nobody is there" },
          ],
          ["log", run.id, undefined, undefined, { level: "info", message: "the end" }],
          [
            "hook.failed",
            run.id,
            undefined,
            undefined,
            { hook: "onSuccess", of: "project", reason: "nobody is there" },
          ],
        ],
      );
    });

    test("comes too late once somebody else goes on with the run, and brings nothing else along after the end", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const step = project.step("orders");
      const run = await project.run([step]);
      await run.end("failure");
      await refused("RUN_ENDED", run.apply(line, { change: "step.started", step: step.key }));
      await project.state.runs.takeOver(project.scope, run.id, 1, owner, longLease);
      await refused("RUN_LOST", run.apply(line));
      assert.deepEqual(await project.state.events.read(project.scope, { types: ["log"] }), []);
    });
  });
}
