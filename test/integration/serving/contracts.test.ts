import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { suite, test } from "node:test";
import { asset, defineProject, endpoint, sql } from "millrace";
import * as z from "zod";
import { MillraceError } from "../../../src/core/errors.ts";
import { ServingWorld } from "./serving-world.ts";

const Sale = z.object({ thing: z.string(), amount: z.number(), note: z.string().nullable() });
const sales = asset("sales", { columns: Sale, run: () => [] });
const byThing = endpoint("GET /by-thing", {
  reads: { sales },
  returns: z.array(z.object({ thing: z.string(), amount: z.number() })),
  handler: () => sql`select thing, sum(amount) as amount from ${sales} group by thing order by thing`,
});
const all = endpoint("GET /all", {
  reads: { sales },
  returns: z.array(Sale),
  handler: async ({ sales: table }) => table.rows(),
});
const inSql = defineProject({ name: "shop", definitions: [{ sales, byThing }] });
const inTypeScript = defineProject({ name: "shop", definitions: [{ sales, all }] });

/** The asset as other code declares it: what another process publishes under the same key. */
const otherwise = (columns: z.ZodObject): unknown =>
  asset("sales", { columns: columns as never, run: (() => []) as never });
const ints = otherwise(z.object({ thing: z.string(), amount: z.int32() }));
const texts = otherwise(z.object({ thing: z.string(), amount: z.string(), note: z.string().nullable() }));
const otherNote = otherwise(z.object({ thing: z.string(), amount: z.number(), note: z.int32() }));

async function ready(world: ServingWorld): Promise<Record<string, unknown> & { ready: boolean }> {
  return (await world.app.inject("/readyz")).json();
}
const get = async (world: ServingWorld, url: string): Promise<unknown> =>
  (await world.app.inject({ url })).json();
const row = (amount: unknown) => [{ thing: "apple", amount, note: null }];

async function broken(publish: Promise<unknown>): Promise<string> {
  const error = await publish.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof MillraceError);
  assert.equal(error.code, "CONTRACT_BROKEN");
  return error.message.replace(/\d+ on [^,]+/, "…");
}

suite("an endpoint that is served", () => {
  test("keeps publishes from what its SQL reads, and answers on from what it has (N20)", async () => {
    await using world = await ServingWorld.open(inSql);
    await world.publish({ asset: sales, rows: row(1.5) });
    assert.equal((await ready(world)).ready, true);
    assert.equal(
      await broken(world.publish({ asset: texts, rows: row("much") })),
      "The endpoint GET /by-thing, served by …, reads sales.amount as DOUBLE, and would find it VARCHAR",
    );
    assert.deepEqual(await get(world, "/api/by-thing"), [{ thing: "apple", amount: 1.5 }]);
  });

  test("follows a changed schema that it can read, without being started again (N6, N20)", async () => {
    await using world = await ServingWorld.open(inSql);
    await world.publish({ asset: sales, rows: row(1.5) });
    assert.equal((await ready(world)).ready, true);
    await world.publish({ asset: ints, rows: [{ thing: "pear", amount: 7 }] });
    assert.deepEqual(await get(world, "/api/by-thing"), [{ thing: "pear", amount: 7 }]);
    // A column that the SQL does not read may become anything.
    await world.publish({ asset: otherNote, rows: [{ thing: "fig", amount: 2.5, note: 3 }] });
    assert.deepEqual(await get(world, "/api/by-thing"), [{ thing: "fig", amount: 2.5 }]);
  });

  test("reads all declared columns where its handler does more than write SQL (N20)", async () => {
    await using world = await ServingWorld.open(inTypeScript);
    await world.publish({ asset: sales, rows: row(1.5) });
    assert.equal((await ready(world)).ready, true);
    assert.equal(
      await broken(world.publish({ asset: otherNote, rows: [{ thing: "fig", amount: 1, note: 3 }] })),
      "The endpoint GET /all, served by …, reads sales.note as VARCHAR or NULL, and would find it INTEGER",
    );
    await world.publish({ asset: ints, rows: [{ thing: "pear", amount: 7 }] });
    assert.deepEqual(await get(world, "/api/all"), [{ thing: "pear", amount: 7, note: null }]);
  });

  test("is bound before its asset was ever made, to all its columns (N20)", async () => {
    await using world = await ServingWorld.open(inSql);
    assert.equal((await ready(world)).ready, true);
    assert.match(
      await broken(world.publish({ asset: texts, rows: row("much") })),
      /reads sales\.amount as DOUBLE/,
    );
  });

  test("binds nobody any more once its server has ended (N20)", async () => {
    await using world = await ServingWorld.open(inSql);
    await world.publish({ asset: sales, rows: row(1.5) });
    assert.equal((await ready(world)).ready, true);
    assert.equal((await world.state.contracts.live(world.scope)).length, 1);
    await world.app.close();
    assert.deepEqual(await world.state.contracts.live(world.scope), []);
    assert.equal((await world.publish({ asset: texts, rows: row("much") })).snapshot, 2);
  });

  test("is heard of for as long as it is served (N20)", async () => {
    await using world = await ServingWorld.open(inSql, () => ({ contractTtlMs: 300 }));
    await world.publish({ asset: sales, rows: row(1.5) });
    assert.equal((await ready(world)).ready, true);
    await delay(900);
    const [contract] = await world.state.contracts.live(world.scope);
    assert.deepEqual(
      contract?.columns.map(({ name }) => name),
      ["thing", "amount"],
    );
  });
});

suite("a worker whose code cannot read the current snapshot", () => {
  for (const [how, project] of [
    ["in SQL", inSql],
    ["in TypeScript", inTypeScript],
  ] as const) {
    test(`is not ready, says which column, and binds nobody: ${how} (N20)`, async () => {
      await using world = await ServingWorld.open(project, () => ({ exposeFailures: true }));
      await world.publish({ asset: texts, rows: row("much") });
      const report = await ready(world);
      assert.equal(report.ready, false);
      assert.deepEqual(report["broken"], [
        {
          endpoint: project === inSql ? "GET /by-thing" : "GET /all",
          reason:
            "sales was written with another schema: the column amount is stored as VARCHAR and declared as DOUBLE",
          code: "SCHEMA_CHANGED",
        },
      ]);
      assert.deepEqual(await world.state.contracts.live(world.scope), []);
      const answer = await world.app.inject(project === inSql ? "/api/by-thing" : "/api/all");
      assert.equal(answer.statusCode, 503);
      assert.equal(answer.json<{ code: string }>().code, "SCHEMA_CHANGED");
      await world.publish({ asset: sales, rows: row(2) });
      assert.equal((await ready(world)).ready, true);
    });
  }
});
