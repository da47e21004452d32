import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { after, before, test } from "node:test";
import { defineProject, endpoint, sql } from "millrace";
import * as z from "zod";
import { airports, delays, flightsProject, someAirports, someRows } from "./flights-project.ts";
import { handlersProject, numbers } from "./handlers-project.ts";
import { ServingWorld } from "./serving-world.ts";

let world: ServingWorld;
before(async () => {
  world = await ServingWorld.open(flightsProject);
  await world.publish({ asset: delays, rows: someRows }, { asset: airports, rows: someAirports });
});
after(() => world[Symbol.asyncDispose]());

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly schema: object;
  }[];
  readonly responses: Readonly<
    Record<string, { headers?: object; content?: Record<string, { schema?: unknown }> }>
  >;
}
interface Document {
  readonly openapi: string;
  readonly servers: unknown;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

async function documentOf(from: ServingWorld): Promise<Document> {
  const answer = await from.app.inject("/api/openapi.json");
  assert.equal(answer.statusCode, 200, answer.payload);
  return answer.json<Document>();
}

/** Every reference in a document leads somewhere. */
function checkReferences(document: unknown, node: unknown = document): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "$ref") {
      assert.equal(typeof value, "string");
      const target = String(value)
        .slice(2)
        .split("/")
        .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document);
      assert.ok(target !== undefined, String(value));
    } else checkReferences(document, value);
  }
}

test("the description names each endpoint once, its parameters and its answers", async () => {
  const document = await documentOf(world);
  assert.equal(document.openapi, "3.1.0");
  // Named, so that the requests which the documentation page shows can be copied to a terminal.
  assert.deepEqual(document.servers, [{ url: "/" }]);
  checkReferences(document);
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  assert.deepEqual(operations.map(({ operationId }) => operationId).sort(), [
    "airport",
    "airportDelays",
    "delayPages",
    "flightsByMonth",
  ]);
  const delaysOf = document.paths["/api/airports/{iata}/delays"]?.["get"];
  assert.deepEqual(
    delaysOf?.parameters?.map((each) => [each.in, each.name, each.required ?? false]),
    [
      ["path", "iata", true],
      ["query", "from", false],
      ["query", "to", false],
      ["header", "Millrace-Snapshot", false],
    ],
  );
  assert.deepEqual(Object.keys(delaysOf.responses), ["200", "304", "404", "406", "410", "413", "422", "503"]);
  assert.deepEqual(Object.keys(delaysOf.responses["200"]?.content ?? {}), ["application/json", "text/csv"]);
});

test("the description names the headers that the reference page names, of a 304 too", async () => {
  const page = readFileSync("docs/reference/http-api.md", "utf8");
  const documented = [...page.matchAll(/^\| `(Millrace-[\w-]+|ETag)` \|/gm)].map(([, name]) => name);
  assert.equal(documented.length, 8);
  const { responses } =
    (await documentOf(world)).paths["/api/airports/{iata}/delays"]?.["get"] ?? assert.fail();
  for (const status of ["200", "304"]) {
    const described = Object.keys(responses[status]?.headers ?? {}).filter((name) => name !== "Link");
    assert.deepEqual(new Set(described), new Set(documented), status);
  }
});

test("every kind of endpoint and schema can be described, as it looks on the wire", async () => {
  await using handlers = await ServingWorld.open(handlersProject);
  const document = await documentOf(handlers);
  checkReferences(document);
  for (const [path, operations] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters = [] } of Object.values(operations)) {
      assert.deepEqual(
        parameters.filter((each) => each.in === "path").map(({ name }) => name),
        names,
        path,
      );
    }
  }
  const schema =
    document.paths["/api/computed"]?.["get"]?.responses["200"]?.content?.["application/json"]?.schema;
  const { properties } = (schema as { items: { properties: Record<string, Record<string, unknown>> } }).items;
  assert.deepEqual([properties["at"]?.["type"], properties["at"]?.["format"]], ["string", "date-time"]);
  assert.match(JSON.stringify(properties["big"]), /int64/);
});

test("schemas with an id become components", async () => {
  const Thing = z.object({ n: z.int() }).meta({ id: "Thing" });
  const things = endpoint("GET /things", { returns: z.array(Thing), handler: () => [{ n: 1 }] });
  await using own = await ServingWorld.open(defineProject({ name: "things", definitions: [{ things }] }));
  const { components } = await documentOf(own);
  assert.ok("Thing" in (components["schemas"] ?? {}));
});

test("the documentation page needs nothing from elsewhere", async () => {
  const redirect = await world.app.inject("/api/docs");
  assert.equal(redirect.statusCode, 301);
  assert.equal(redirect.headers["location"], "/api/docs/");
  const page = await world.app.inject("/api/docs/");
  assert.equal(page.statusCode, 200);
  assert.match(String(page.headers["content-type"]), /text\/html/);
  assert.doesNotMatch(page.payload, /https?:\/\//);
  for (const setting of ['"withDefaultFonts": false', '"telemetry": false', '"showDeveloperTools": "never"'])
    assert.ok(page.payload.includes(setting), setting);
  const [, script] = /<script src="([^"]+)">/.exec(page.payload) ?? [];
  const loaded = await world.app.inject(`/api/docs/${script}`);
  assert.equal(loaded.statusCode, 200);
  assert.ok(loaded.rawPayload.length > 1_000_000);
});

test("the root leads to the documentation page", async () => {
  const answer = await world.app.inject("/");
  assert.deepEqual([answer.statusCode, answer.headers["location"]], [302, "/api/docs"]);
});

test("every route of Millrace's own answers HEAD like GET, without the body", async () => {
  for (const path of [
    "/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/openapi.json",
    "/api/docs",
    "/api/docs/",
    "/api/docs/js/scalar.js",
    "/_millrace/v1/status",
  ]) {
    const got = await world.app.inject(path);
    const head = await world.app.inject({ method: "HEAD", url: path });
    assert.deepEqual(
      [head.statusCode, head.headers["content-type"], head.headers["location"], head.payload],
      [got.statusCode, got.headers["content-type"], got.headers["location"], ""],
      path,
    );
    const other = await world.app.inject({ method: "DELETE", url: path });
    assert.deepEqual([other.statusCode, other.headers["allow"]], [405, "GET, HEAD"], path);
  }
});

test("header names are written alike in every answer, also of errors", async () => {
  await using own = await ServingWorld.open(flightsProject);
  await own.app.listen({ host: "127.0.0.1", port: 0 });
  const address = own.app.server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  for (const path of [
    "/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/openapi.json",
    "/api/docs",
    "/api/delays",
    "/none",
  ]) {
    const [response] = (await once(request({ port, path, agent: false }).end(), "response")) as [
      IncomingMessage,
    ];
    response.resume();
    const names = response.rawHeaders.filter((_, index) => index % 2 === 0);
    assert.deepEqual(
      names.filter((name) => !/^[A-Z]/.test(name)),
      [],
      path,
    );
    await once(response, "end");
  }
});

test("a server is ready when its endpoints' SQL fits the data, and says what it could not try (N20)", async () => {
  const report = (await world.app.inject("/readyz")).json<Record<string, unknown>>();
  assert.equal(report["ready"], true);
  assert.equal(report["prepared"], 3);
  assert.deepEqual(report["unknown"], [
    {
      endpoint: "GET /months",
      reason: "monthly has never been materialized",
      code: "ASSET_NOT_MATERIALIZED",
    },
  ]);
});

test("a server whose endpoint cannot answer is not ready, and names it (N20)", async () => {
  await using broken = await ServingWorld.open(handlersProject);
  await broken.publish({ asset: numbers, rows: [{ n: 1 }] });
  const answer = await broken.app.inject("/readyz");
  assert.equal(answer.statusCode, 503);
  const { broken: found } = answer.json<{ broken: readonly { endpoint: string; code: string }[] }>();
  assert.deepEqual(
    found.map(({ endpoint, code }) => [endpoint, code]),
    [["GET /wrong-columns", "RESPONSE_INVALID"]],
  );
  assert.equal((await broken.app.inject("/healthz")).statusCode, 200);
});

test("without state a server is not ready, serves the last snapshot for a while, and then says 503 (N18, N29)", async () => {
  let now = Date.now();
  const down = await ServingWorld.open(flightsProject, () => ({ now: () => now, staleHeadMs: 1_000 }));
  await down.publish({ asset: delays, rows: someRows });
  assert.equal((await down.app.inject("/api/delays")).headers["millrace-unconfirmed"], undefined);
  await down.state.close();
  const bridged = await down.app.inject("/api/delays");
  assert.equal(bridged.statusCode, 200);
  assert.equal(bridged.headers["millrace-unconfirmed"], "state-unavailable");
  assert.equal((await down.app.inject("/readyz")).statusCode, 503);
  now += 2_000;
  const answer = await down.app.inject("/api/delays");
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.json<{ code: string }>().code, "STATE_UNAVAILABLE");
  assert.equal(answer.headers["retry-after"], "2");
  await down[Symbol.asyncDispose]();
});

test("the status names version, project, environment and snapshot", async () => {
  const status = (await world.app.inject("/_millrace/v1/status")).json<Record<string, unknown>>();
  assert.deepEqual(
    [status["version"], status["project"], status["environment"]],
    ["0.0.0-test", "flights", "test"],
  );
  assert.equal((status["snapshot"] as { number: number }).number, 1);
});

test("metrics count requests, rows and answers without a body", async () => {
  await using counted = await ServingWorld.open(flightsProject);
  await counted.publish({ asset: delays, rows: someRows });
  const { headers } = await counted.app.inject("/api/delays?limit=2");
  await counted.app.inject({
    url: "/api/delays?limit=2",
    headers: { "if-none-match": String(headers.etag) },
  });
  await counted.app.inject("/api/delays?limit=no");
  const { payload } = await counted.app.inject("/metrics");
  for (const line of [
    'millrace_http_requests_total{method="GET",endpoint="/api/delays",status="200"} 1',
    'millrace_http_requests_total{method="GET",endpoint="/api/delays",status="304"} 1',
    'millrace_http_requests_total{method="GET",endpoint="/api/delays",status="422"} 1',
    'millrace_http_not_modified_total{method="GET",endpoint="/api/delays"} 1',
    'millrace_http_rows_total{method="GET",endpoint="/api/delays"} 2',
    'millrace_http_request_duration_seconds_count{method="GET",endpoint="/api/delays"} 3',
    "millrace_http_requests_running 0",
  ]) {
    assert.ok(payload.includes(`${line}\n`), `${line}\nin\n${payload.slice(0, 3_000)}`);
  }
});

test("a route of the project goes before an extension of another", async () => {
  const list = endpoint("GET /list", {
    returns: z.array(z.object({ n: z.int() })),
    handler: () => [{ n: 1 }],
  });
  const own = endpoint("GET /list.csv", { handler: () => ({ own: true }) });
  await using both = await ServingWorld.open(
    defineProject({ name: "both", definitions: [{ list, own, sql }] }),
  );
  assert.deepEqual((await both.app.inject("/api/list.csv")).json(), { own: true });
  assert.equal((await both.app.inject("/api/list")).statusCode, 200);
});
