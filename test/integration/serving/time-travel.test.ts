import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { DatabaseSync } from "node:sqlite";
import type { Row } from "../../../src/ports/table-engine.ts";
import { airports, delays, flightsProject, someAirports, someRows } from "./flights-project.ts";
import { ServingWorld } from "./serving-world.ts";

const url = "/api/airports/ATL/delays";
const row = (flights: number): Row => ({ day: "2001-01-01", origin: "ATL", flights, mean_delay: 1 });

async function open(t: TestContext): Promise<ServingWorld> {
  const world = await ServingWorld.open(flightsProject);
  t.after(() => world[Symbol.asyncDispose]());
  return world;
}

const get = (world: ServingWorld, snapshot?: string, headers: Record<string, string> = {}) =>
  world.app.inject({
    url,
    headers: { ...headers, ...(snapshot === undefined ? {} : { "millrace-snapshot": snapshot }) },
  });

test("a request is answered from the snapshot that it asks for, however it names it (N13)", async (t) => {
  const world = await open(t);
  await world.publish({ asset: delays, rows: [row(1)] }, { asset: airports, rows: someAirports });
  const token = String((await get(world)).headers["millrace-snapshot"]);
  const { number, publishedAt } = await world.state.catalog.head(world.scope);
  await world.state.snapshots.pin(world.scope, number, { name: "first", by: "ada", reason: "" });
  // Publishes are a millisecond apart, so that a time tells them apart.
  while (Date.now() <= publishedAt) await new Promise((resolve) => setTimeout(resolve, 1));
  await world.publish({ asset: delays, rows: [row(2)] });
  const flights = async (asked?: string) => {
    const answer = await get(world, asked);
    assert.equal(answer.statusCode, 200, answer.body);
    const [first] = answer.json<{ flights: number }[]>();
    return first?.flights;
  };
  assert.equal(await flights(), 2);
  for (const asked of [token, "test@1", "1", "first", new Date(publishedAt).toISOString()]) {
    assert.equal(await flights(asked), 1, asked);
    assert.equal((await get(world, asked)).headers["millrace-snapshot"], token);
  }
  assert.equal(await flights("2"), 2);
  assert.equal((await get(world)).headers["vary"], "Accept, Millrace-Snapshot");
});

test("equal data at two snapshots has one tag, and other data another (N26)", async (t) => {
  const world = await open(t);
  await world.publish({ asset: delays, rows: [row(1)] }, { asset: airports, rows: someAirports });
  await world.publish({ asset: delays, rows: [row(1)] });
  await world.publish({ asset: delays, rows: [row(2)] });
  const tag = async (asked: string) => String((await get(world, asked)).headers["etag"]);
  assert.equal(await tag("1"), await tag("2"));
  assert.notEqual(await tag("2"), await tag("3"));
  const known = await get(world, "2", { "if-none-match": await tag("1") });
  assert.equal(known.statusCode, 304);
});

test("a collected snapshot is gone, and what never was is a mistake of the request (N18)", async (t) => {
  const world = await open(t);
  await world.publish({ asset: delays, rows: someRows }, { asset: airports, rows: someAirports });
  await world.publish({ asset: delays, rows: [row(2)] });
  assert.equal((await get(world, "1")).statusCode, 200);
  const database = new DatabaseSync(world.statePath);
  database.exec("delete from snapshot where number = 1");
  database.close();
  // Also where the server has it worked out still.
  for (const asked of ["1", "test@1"]) {
    const gone = await get(world, asked);
    assert.deepEqual([gone.statusCode, gone.json<{ code: string }>().code], [410, "SNAPSHOT_GONE"], asked);
    assert.equal(gone.headers["cache-control"], "no-store");
  }
  assert.equal((await get(world, "test@other-history:2")).statusCode, 410);
  const mistakes = {
    "3": "unknown_snapshot",
    "other@2": "unknown_snapshot",
    nobody: "unknown_snapshot",
    "2999-01-01": "unknown_snapshot",
    "": "invalid_snapshot",
    "1, 2": "invalid_snapshot",
    "2026-01-01T10:00": "invalid_snapshot",
    "-1": "invalid_snapshot",
    [`x${"y".repeat(5000)}`]: "invalid_snapshot",
  };
  for (const [asked, code] of Object.entries(mistakes)) {
    const answer = await get(world, asked);
    assert.equal(answer.statusCode, 422, `${asked.slice(0, 20)} ${answer.body}`);
    const [error] = answer.json<{ errors: { in: string; path: string; code: string }[] }>().errors;
    assert.deepEqual([error?.in, error?.path, error?.code], ["headers", "/millrace-snapshot", code]);
  }
});

test("a snapshot from before an asset was made says so", async (t) => {
  const world = await open(t);
  await world.publish({ asset: airports, rows: someAirports });
  await world.publish({ asset: delays, rows: [row(2)] });
  const answer = await get(world, "1");
  assert.deepEqual(
    [answer.statusCode, answer.json<{ code: string }>().code],
    [503, "ASSET_NOT_MATERIALIZED"],
  );
});

test("whoever walks through many old snapshots slows nobody down who reads the newest", async (t) => {
  const world = await open(t);
  await world.publish({ asset: airports, rows: someAirports });
  for (let count = 1; count <= 30; count += 1) await world.publish({ asset: delays, rows: [row(count)] });
  const reads: number[] = [];
  const { catalog } = world.state;
  const current = catalog.current.bind(catalog);
  catalog.current = (scope, snapshot, ids) => {
    reads.push(snapshot);
    return current(scope, snapshot, ids);
  };
  await get(world);
  for (let number = 2; number <= 31; number += 1) {
    const [first] = (await get(world, String(number))).json<{ flights: number }[]>();
    assert.equal(first?.flights, number - 1);
    await get(world);
  }
  assert.equal(reads.filter((number) => number === 31).length, 1, "the newest is worked out once");
  // The last few asked for are kept, the first ones are not.
  reads.length = 0;
  await get(world, "30");
  await get(world, "2");
  assert.deepEqual(reads, [2]);
});
