import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { daily, TestProject, unpartitioned } from "./test-project.ts";

export function projectsContract(database: DatabaseUnderTest): void {
  suite(`projects in ${database.name}`, () => {
    test("a project and an environment keep their ids", async (t) => {
      const made = await database.make(t);
      const first = await (await made.open()).projects.open("shop", "production");
      const again = await (await made.open()).projects.open("shop", "production");
      const branch = await (await made.open()).projects.open("shop", "branch");
      assert.deepEqual(again, first);
      assert.equal(branch.projectId, first.projectId);
      assert.notEqual(branch.environmentId, first.environmentId);
    });

    test("two processes that open a new database at once find the same project", async (t) => {
      const made = await database.make(t);
      const states = await Promise.all([made.open(), made.open(), made.open()]);
      const scopes = await Promise.all(states.map((state) => state.projects.open("shop", "production")));
      assert.equal(new Set(scopes.map((scope) => scope.environmentId)).size, 1);
    });

    test("an asset keeps its id, whatever is registered beside it and in which order (N12)", async (t) => {
      const state = await (await database.make(t)).open();
      const scope = await state.projects.open("shop", "production");
      const a = { key: "a", space: unpartitioned };
      const b = { key: "b", space: daily };
      const first = await state.projects.register(scope, [a]);
      const second = await state.projects.register(scope, [b, a]);
      assert.deepEqual(second.get("a"), first.get("a"));
      assert.deepEqual(await state.projects.register(scope, [a, b]), second);
    });

    test("projects share nothing, though their assets are named alike", async (t) => {
      const state = await (await database.make(t)).open();
      const shop = await TestProject.open(state, { orders: unpartitioned }, { project: "shop" });
      const bank = await TestProject.open(state, { orders: unpartitioned }, { project: "bank" });
      assert.notEqual(shop.asset("orders").assetId, bank.asset("orders").assetId);
      await shop.materialize([shop.step("orders"), { dataVersion: "d1" }]);
      assert.equal(await shop.head(), 1);
      assert.equal(await bank.head(), 0);
      assert.deepEqual(await state.runs.list(bank.scope, { limit: 10 }), []);
      assert.deepEqual(await state.events.read(bank.scope, {}), []);
    });

    test("a static key keeps its ordinal when keys are added, moved and removed (N12)", async (t) => {
      const state = await (await database.make(t)).open();
      const scope = await state.projects.open("shop", "production");
      const register = async (keys: readonly string[]) =>
        (await state.projects.register(scope, [{ key: "a", space: { identity: "static", keys } }])).get("a")
          ?.ordinals;
      await register(["de", "at"]);
      await register(["ch", "at"]);
      const ordinals = await register(["ch", "de", "fr"]);
      assert.deepEqual(
        [...(ordinals ?? [])].sort(([, x], [, y]) => x - y).map(([key]) => key),
        ["de", "at", "ch", "fr"],
      );
    });

    test("a static key has the same ordinal in every asset of the project", async (t) => {
      const state = await (await database.make(t)).open();
      const scope = await state.projects.open("shop", "production");
      const space = (...keys: string[]) => ({ identity: "static", keys });
      await state.projects.register(scope, [{ key: "old", space: space("de", "at", "ch") }]);
      const assets = await state.projects.register(scope, [
        { key: "new", space: space("ch", "at") },
        { key: "old", space: space("ch", "at") },
      ]);
      for (const key of ["ch", "at"]) {
        assert.equal(assets.get("new")?.ordinals?.get(key), assets.get("old")?.ordinals?.get(key));
      }
    });

    test("a changed partitioning is another space of the same asset (N12)", async (t) => {
      const state = await (await database.make(t)).open();
      const scope = await state.projects.open("shop", "production");
      const before = (await state.projects.register(scope, [{ key: "a", space: unpartitioned }])).get("a");
      const after = (await state.projects.register(scope, [{ key: "a", space: daily }])).get("a");
      const back = (await state.projects.register(scope, [{ key: "a", space: unpartitioned }])).get("a");
      assert.equal(after?.assetId, before?.assetId);
      assert.notEqual(after?.spaceId, before?.spaceId);
      assert.deepEqual(back, before);
    });

    test("ten thousand assets registered by two processes at once get one id each", async (t) => {
      const made = await database.make(t);
      const states = [await made.open(), await made.open()];
      const scope = await (await made.open()).projects.open("shop", "production");
      const keys = Array.from({ length: 200 }, (_, index) => `key ${index}`);
      const assets = Array.from({ length: 10_000 }, (_, index) => ({
        key: `asset/${index}`,
        space: index % 2 === 0 ? unpartitioned : { identity: "static", keys },
      }));
      const [one, two] = await Promise.all(states.map((state) => state.projects.register(scope, assets)));
      assert.deepEqual(one, two);
      assert.equal(new Set([...(one ?? []).values()].map(({ assetId }) => assetId)).size, 10_000);
      assert.equal(one?.get("asset/1")?.ordinals?.size, 200);
    });
  });
}
