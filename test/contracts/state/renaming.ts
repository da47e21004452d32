import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { State } from "../../../src/ports/state.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { input, TestProject, unpartitioned } from "./test-project.ts";

async function register(
  state: State,
  project: TestProject,
  ...assets: readonly (readonly [string, string?])[]
) {
  const registered = await state.projects.register(
    project.scope,
    assets.map(([key, renamedFrom]) => ({
      key,
      space: unpartitioned,
      ...(renamedFrom === undefined ? {} : { renamedFrom }),
    })),
  );
  return new Map([...registered].map(([key, { assetId, recordedAs }]) => [key, [assetId, recordedAs]]));
}

export function renamingContract(database: DatabaseUnderTest): void {
  suite(`renaming assets in ${database.name}`, () => {
    test("an asset keeps its identity under another key, and again under the next (N12)", async (t) => {
      const state = await (await database.make(t)).open();
      const project = await TestProject.open(state, { a: unpartitioned, other: unpartitioned });
      const { assetId } = project.asset("a");
      await project.materialize([project.step("a"), { dataVersion: "a1" }]);
      assert.deepEqual((await register(state, project, ["b", "a"], ["other"])).get("b"), [assetId, "b"]);
      assert.deepEqual(
        (await register(state, project, ["b", "a"])).get("b"),
        [assetId, "b"],
        "once is enough",
      );
      assert.deepEqual((await register(state, project, ["c", "b"])).get("c"), [assetId, "c"]);
      const [current] = await state.catalog.current(project.scope, 1);
      assert.equal(current?.version.assetId, assetId);
      // Code that is not renamed yet, in another environment, goes on as before.
      assert.deepEqual((await register(state, project, ["a"])).get("a"), [assetId, "c"]);
      assert.deepEqual((await register(state, project, ["b"])).get("b"), [assetId, "c"]);
      // And back.
      assert.deepEqual((await register(state, project, ["a", "c"])).get("a"), [assetId, "a"]);
    });

    test("a run that calls an asset by its former key goes on with it, and so does what it has read (N9, N12)", async (t) => {
      const state = await (await database.make(t)).open();
      const project = await TestProject.open(state, { a: unpartitioned, below: unpartitioned });
      const [a, below] = [project.step("a"), project.step("below")];
      const run = await project.run([a, below]);
      await register(state, project, ["b", "a"]);
      const made = [
        await run.make(a, { dataVersion: "a1" }),
        await run.make(below, { dataVersion: "b1", inputs: [input("a", 0, "a1")] }),
      ];
      assert.deepEqual((await run.publish({ versionIds: made })).published, made);
      const { inputs } = (await state.catalog.version(made[1] ?? "")) ?? assert.fail();
      assert.deepEqual(
        inputs?.map(({ asset }) => asset),
        ["b"],
      );
    });

    test("a key that is used for something new is something new (N12)", async (t) => {
      const state = await (await database.make(t)).open();
      const project = await TestProject.open(state, { a: unpartitioned });
      const { assetId } = project.asset("a");
      await register(state, project, ["b", "a"]);
      const both = await register(state, project, ["b"], ["a"]);
      assert.deepEqual(both.get("b"), [assetId, "b"]);
      assert.notEqual(both.get("a")?.[0], assetId);
      assert.equal(both.get("a")?.[1], "a");
      // A key that has a history of its own does not take over another one's.
      assert.deepEqual((await register(state, project, ["a", "b"])).get("a"), both.get("a"));
    });

    test("where nobody had the old key, there is nothing to rename (N12)", async (t) => {
      const state = await (await database.make(t)).open();
      const project = await TestProject.open(state, {});
      const first = await register(state, project, ["b", "never"]);
      assert.equal(first.get("b")?.[1], "b");
      assert.deepEqual(await register(state, project, ["b", "never"]), first);
    });
  });
}
