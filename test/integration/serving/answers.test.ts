import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { airports, delays, flightsProject, monthly, someAirports, someRows } from "./flights-project.ts";
import { ServingWorld } from "./serving-world.ts";

let world: ServingWorld;
let published: { runId: string; snapshot: number };
before(async () => {
  world = await ServingWorld.open(flightsProject);
  const checks = [
    { check: "unique(day, origin)", passed: true },
    { check: "mean is plausible", passed: false },
  ];
  published = await world.publish(
    { asset: delays, rows: someRows, checks },
    { asset: airports, rows: someAirports },
  );
});
after(() => world[Symbol.asyncDispose]());

const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ url, headers });

test("a list is an array of the declared columns, in the statement's order", async () => {
  const answer = await get("/api/airports/ATL/delays?to=2001-01-02");
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.headers["content-type"], "application/json");
  assert.deepEqual(answer.json(), [
    { day: "2001-01-01", origin: "ATL", flights: 10, mean_delay: 1.5 },
    { day: "2001-01-02", origin: "ATL", flights: 12, mean_delay: 2.25 },
  ]);
});

test("the same list is CSV when that is asked for, by Accept or by extension", async () => {
  const byHeader = await get("/api/airports/ATL/delays?to=2001-01-02", { accept: "text/csv" });
  const byExtension = await get("/api/airports/ATL/delays.csv?to=2001-01-02", { accept: "application/json" });
  assert.equal(
    byHeader.payload,
    "day,origin,flights,mean_delay\r\n2001-01-01,ATL,10,1.5\r\n2001-01-02,ATL,12,2.25\r\n",
  );
  assert.equal(byHeader.headers["content-type"], "text/csv; charset=utf-8; header=present");
  assert.equal(byExtension.payload, byHeader.payload);
  assert.equal(
    (await get("/api/airports/ATL/delays.json", { accept: "text/csv" })).headers["content-type"],
    "application/json",
  );
});

test("one object is that object, and never CSV", async () => {
  assert.deepEqual((await get("/api/airports/JFK")).json(), { iata: "JFK", name: "New York, Kennedy" });
  const refused = await get("/api/airports/JFK", { accept: "text/csv" });
  assert.equal(refused.statusCode, 406);
  assert.match(refused.json<{ detail: string }>().detail, /application\/json/);
  // The extension is part of the parameter, since no such format is offered.
  assert.equal((await get("/api/airports/JFK.csv")).statusCode, 422);
});

test("HEAD answers like GET, without the body", async () => {
  const got = await get("/api/airports/ATL/delays");
  const head = await world.app.inject({ method: "HEAD", url: "/api/airports/ATL/delays" });
  assert.equal(head.payload, "");
  for (const name of ["etag", "content-length", "content-type", "millrace-snapshot"]) {
    assert.equal(head.headers[name], got.headers[name], name);
  }
});

test("a known thing without rows is an empty list, an unknown one a 404 with its title", async () => {
  assert.deepEqual((await get("/api/airports/XXX/delays")).json(), []);
  const unknown = await get("/api/airports/YYY/delays");
  assert.equal(unknown.statusCode, 404);
  assert.equal(unknown.headers["content-type"], "application/problem+json");
  assert.equal(unknown.headers.etag, undefined);
  const problem = unknown.json<Record<string, unknown>>();
  assert.equal(problem["title"], "No such airport");
  assert.deepEqual(problem["params"], { iata: "YYY" });
  assert.equal((await get("/api/airports/YYY")).json<{ title: string }>().title, "No such airport");
});

test("pages follow one another by their links, without gap or repetition, to the end", async () => {
  const seen: unknown[] = [];
  let url: string | undefined = "/api/delays?limit=2";
  let pages = 0;
  while (url !== undefined && pages < 10) {
    const answer: Awaited<ReturnType<typeof get>> = await get(url);
    assert.equal(answer.statusCode, 200, answer.payload);
    const rows = answer.json<unknown[]>();
    assert.ok(rows.length <= 2);
    seen.push(...rows);
    const link = answer.headers["link"];
    url =
      typeof link === "string"
        ? /^<(\/api\/delays\?limit=2&after=[\w-]+)>; rel="next"$/.exec(link)?.[1]
        : undefined;
    pages += 1;
  }
  assert.deepEqual(seen, someRows);
  assert.equal(pages, 3);
});

test("a page that ends the list exactly has no next one", async () => {
  const { headers } = await get("/api/delays?limit=5");
  assert.equal(headers["link"], undefined);
});

test("a cursor that was not given is a mistake in the query", async () => {
  for (const cursor of ["nonsense", "", Buffer.from('["2001-02-30","ATL"]').toString("base64url")]) {
    const answer = await get(`/api/delays?after=${cursor}`);
    assert.equal(answer.statusCode, 422, cursor);
    assert.deepEqual(
      answer.json<{ errors: { in: string; path: string }[] }>().errors.map((each) => each.in + each.path),
      ["query/after"],
    );
  }
});

test("every answer says what data it is made of, a 304 too", async () => {
  const answer = await get("/api/airports/ATL/delays");
  const again = await get("/api/airports/ATL/delays", { "if-none-match": String(answer.headers.etag) });
  assert.equal(again.statusCode, 304);
  assert.equal(again.payload, "");
  assert.equal(again.headers["content-length"], undefined);
  for (const { headers } of [answer, again]) {
    assert.match(String(headers["millrace-snapshot"]), /^test@[\w-]+:1$/);
    assert.match(
      String(headers["millrace-data-versions"]),
      /^delays="sum128:[0-9a-f]{32}", ref\.airports="sum128:[0-9a-f]{32}"$/,
    );
    assert.equal(headers["millrace-run"], published.runId);
    assert.equal(headers["millrace-checks"], 'passed=1, failed=1, failing=("delays: mean is plausible")');
    const asOf = Date.parse(String(headers["millrace-as-of"]));
    assert.ok(Math.abs(Date.now() - asOf) < 60_000);
    assert.match(String(headers["millrace-age"]), /^\d+$/);
    assert.equal(headers["cache-control"], "no-cache");
    assert.equal(headers["vary"], "Accept, Millrace-Snapshot");
  }
});

test("partitions are read together, at one snapshot", async () => {
  assert.equal((await get("/api/months")).statusCode, 503);
  const rows = (month: string, flights: number) => [{ month, flights }];
  await world.publish(
    { asset: monthly, partition: "2001-02", rows: rows("2001-02", 2) },
    { asset: monthly, partition: "2001-01", rows: rows("2001-01", 1) },
  );
  const first = await get("/api/months");
  assert.deepEqual(first.json(), [
    { month: "2001-01", flights: 1 },
    { month: "2001-02", flights: 2 },
  ]);
  await world.publish({ asset: monthly, partition: "2001-01", rows: rows("2001-01", 100) });
  const second = await get("/api/months");
  assert.deepEqual(second.json(), [
    { month: "2001-01", flights: 100 },
    { month: "2001-02", flights: 2 },
  ]);
  assert.notEqual(second.headers.etag, first.headers.etag);
  assert.equal(String(second.headers["millrace-run"]).split(", ").length, 2);
});

test("an asset that was never materialized is said to be missing, with a time to try again", async () => {
  await using empty = await ServingWorld.open(flightsProject);
  const answer = await empty.app.inject("/api/delays");
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.headers["retry-after"], "10");
  assert.equal(answer.json<{ code: string }>().code, "ASSET_NOT_MATERIALIZED");
  await empty.publish({ asset: delays, rows: someRows });
  assert.equal((await empty.app.inject("/api/delays")).statusCode, 200);
});

test("checks that are asked later are told from then on, by a 304 too; the snapshot stays as it is (N23)", async () => {
  const before = await get("/api/airports/ATL/delays");
  const { state, scope } = world;
  const { number } = await state.catalog.head(scope);
  const [current] = await state.catalog.current(scope, number);
  assert.ok(current);
  const [known] = await state.catalog.evaluations(
    scope,
    (await state.catalog.current(scope, number)).map(({ version }) => version.id),
  );
  assert.ok(known);
  const { runId: _, ...later } = known;
  const said = async () =>
    (await get("/api/airports/ATL/delays", { "if-none-match": String(before.headers.etag) })).headers;
  const record = (passed: boolean) =>
    state.evaluations.record(scope, [{ ...later, check: "asked later", passed, asset: "delays" }]);
  await record(false);
  assert.match(String((await said())["millrace-checks"]), /failed=2, failing=\(.*"delays: asked later"\)/);
  await record(true);
  const after = await said();
  assert.equal(after["millrace-checks"], 'passed=2, failed=1, failing=("delays: mean is plausible")');
  assert.equal(after["millrace-snapshot"], before.headers["millrace-snapshot"]);
});
