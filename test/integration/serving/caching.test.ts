import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TableEngine } from "../../../src/ports/table-engine.ts";
import { airports, delays, flightsProject, someAirports, someRows } from "./flights-project.ts";
import { handlersProject, numbers, seen } from "./handlers-project.ts";
import { ServingWorld } from "./serving-world.ts";

/** The engine, with a count of what it was asked. */
function counted(engine: TableEngine): TableEngine & { queries: number } {
  const counting = {
    queries: 0,
    write: (request: Parameters<TableEngine["write"]>[0]) => engine.write(request),
    audit: (request: Parameters<TableEngine["audit"]>[0]) => engine.audit(request),
    check: (request: Parameters<TableEngine["check"]>[0]) => engine.check(request),
    prepare: (request: Parameters<TableEngine["prepare"]>[0]) => engine.prepare(request),
    columnsRead: (statements: Parameters<TableEngine["columnsRead"]>[0]) => engine.columnsRead(statements),
    close: () => engine.close(),
    encode: (request: Parameters<TableEngine["encode"]>[0]) => {
      counting.queries += 1;
      return engine.encode(request);
    },
    rows: (request: Parameters<TableEngine["rows"]>[0]) => {
      counting.queries += 1;
      return engine.rows(request);
    },
    batches: (request: Parameters<TableEngine["batches"]>[0]) => engine.batches(request),
    pack: (request: Parameters<TableEngine["pack"]>[0]) => engine.pack(request),
  };
  return counting;
}

let world: ServingWorld;
let handlers: ServingWorld;
let engine: ReturnType<typeof counted>;
const rows = (...values: number[]) => values.map((n) => ({ n }));
before(async () => {
  world = await ServingWorld.open(flightsProject, (options) => ({
    engine: (engine = counted(options.engine)),
  }));
  await world.publish({ asset: delays, rows: someRows }, { asset: airports, rows: someAirports });
  handlers = await ServingWorld.open(handlersProject);
  await handlers.publish({ asset: numbers, rows: rows(1, 2, 3, 4) });
});
after(async () => {
  await world[Symbol.asyncDispose]();
  await handlers[Symbol.asyncDispose]();
});

const get = (url: string, headers: Record<string, string> = {}, from = world) =>
  from.app.inject({ url, headers });
const tagOf = (answer: { headers: Record<string, unknown> }) => String(answer.headers["etag"]);

test("a known tag is answered without the engine, however it is written (N27)", async () => {
  const url = "/api/airports/ATL/delays?from=2001-01-02";
  const tag = tagOf(await get(url));
  assert.match(tag, /^"d-/);
  const before = engine.queries;
  for (const header of [tag, `W/${tag}`, `"x", ${tag}`, `"x",W/${tag} , "y"`]) {
    assert.equal((await get(url, { "if-none-match": header })).statusCode, 304, header);
  }
  // An equal request in other words.
  assert.equal(
    (await get("/api/airports/ATL/delays?to=2001-12-31&from=2001-01-02", { "if-none-match": tag }))
      .statusCode,
    304,
  );
  assert.equal(engine.queries, before);
});

test("another request, another format and another tag are answered in full", async () => {
  const url = "/api/airports/ATL/delays";
  const tag = tagOf(await get(url));
  for (const [other, headers] of [
    ["/api/airports/JFK/delays", {}],
    [`${url}?from=2001-01-02`, {}],
    [`${url}.csv`, {}],
    [url, { accept: "text/csv" }],
  ] as const) {
    assert.equal((await get(other, { ...headers, "if-none-match": tag })).statusCode, 200, other);
  }
  assert.equal((await get(url, { "if-none-match": tag.replace("d-", "b-") })).statusCode, 200);
  assert.equal((await get(url, { "if-none-match": "*" })).statusCode, 304);
});

test("the tag changes when the data does, and only then (N26)", async () => {
  const url = "/api/airports/ATL/delays";
  const first = await get(url);
  await world.publish({ asset: delays, rows: someRows });
  const same = await get(url);
  assert.equal(tagOf(same), tagOf(first));
  assert.notEqual(same.headers["millrace-snapshot"], first.headers["millrace-snapshot"]);
  assert.notEqual(same.headers["millrace-run"], first.headers["millrace-run"]);
  assert.equal((await get(url, { "if-none-match": tagOf(first) })).statusCode, 304);
  await world.publish({
    asset: delays,
    rows: [...someRows, { day: "2001-02-01", origin: "ATL", flights: 1, mean_delay: 0 }],
  });
  const changed = await get(url, { "if-none-match": tagOf(first) });
  assert.equal(changed.statusCode, 200);
  assert.notEqual(tagOf(changed), tagOf(first));
  assert.equal(changed.json<unknown[]>().length, 4);
});

test("a 304 tells how fresh the data is now, not when the client got it", async () => {
  const first = await get("/api/delays");
  await new Promise((resolve) => setTimeout(resolve, 5));
  await world.publish({ asset: airports, rows: [...someAirports] }, { asset: delays, rows: [] });
  const emptied = await get("/api/delays");
  await world.publish({ asset: delays, rows: [] });
  const again = await get("/api/delays", { "if-none-match": tagOf(emptied) });
  assert.equal(again.statusCode, 304);
  assert.ok(String(again.headers["millrace-as-of"]) > String(first.headers["millrace-as-of"]));
});

test("what a handler computes is tagged by its bytes, after it was computed", async () => {
  const first = await get("/api/sum", {}, handlers);
  assert.deepEqual(first.json(), { total: 10 });
  assert.match(tagOf(first), /^"b-/);
  const calls = seen.calls;
  assert.equal((await get("/api/sum", { "if-none-match": tagOf(first) }, handlers)).statusCode, 304);
  assert.equal(seen.calls, calls + 1);
});

test("what its author vouches for is not computed again (N27)", async () => {
  const first = await get("/api/vouched-sum", {}, handlers);
  assert.match(tagOf(first), /^"d-/);
  const calls = seen.calls;
  assert.equal((await get("/api/vouched-sum", { "if-none-match": tagOf(first) }, handlers)).statusCode, 304);
  assert.equal(seen.calls, calls);
});

test("SQL that asks for the time is never vouched for (N27)", async () => {
  const first = await get("/api/volatile", {}, handlers);
  assert.match(tagOf(first), /^"b-/);
  await new Promise((resolve) => setTimeout(resolve, 2));
  const again = await get("/api/volatile", { "if-none-match": tagOf(first) }, handlers);
  assert.equal(again.statusCode, 200);
  assert.notEqual(again.payload, first.payload);
});

test("a handler that puts the time into its SQL gets another tag when the time has come", async () => {
  seen.clock = 2;
  const first = await get("/api/clocked", {}, handlers);
  assert.match(tagOf(first), /^"d-/);
  assert.equal((await get("/api/clocked", { "if-none-match": tagOf(first) }, handlers)).statusCode, 304);
  seen.clock = 3;
  const later = await get("/api/clocked", { "if-none-match": tagOf(first) }, handlers);
  assert.deepEqual(later.json(), rows(1, 2, 3));
});

test("an async handler's SQL is tagged by its bytes: it may have looked at anything before", async () => {
  assert.match(tagOf(await get("/api/async-sql", {}, handlers)), /^"b-/);
});

test("errors carry no tag, and are not stored", async () => {
  for (const url of ["/api/throwing", "/api/nowhere", "/api/sum?x=1"]) {
    const { headers } = await get(url, { "if-none-match": "*" }, handlers);
    assert.equal(headers.etag, undefined, url);
    assert.equal(headers["cache-control"], "no-store", url);
  }
});

test("fifty answers to the same request are the same bytes (N28)", async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => get("/api/clocked", {}, handlers)));
  assert.equal(new Set(answers.map((answer) => answer.payload + tagOf(answer))).size, 1);
});

test("a publish that was acknowledged is seen by every request that comes after it (N29)", async () => {
  for (let round = 0; round < 20; round += 1) {
    const asking = Array.from({ length: 5 }, () => get("/api/sum", {}, handlers));
    await handlers.publish({ asset: numbers, rows: rows(round, 100) });
    assert.deepEqual((await get("/api/sum", {}, handlers)).json(), { total: round + 100 });
    await Promise.all(asking);
  }
  await handlers.publish({ asset: numbers, rows: rows(1, 2, 3, 4) });
});
