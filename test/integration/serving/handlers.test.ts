import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { handlersProject, label, numbers } from "./handlers-project.ts";
import { ServingWorld } from "./serving-world.ts";

let world: ServingWorld;
before(async () => {
  world = await ServingWorld.open(handlersProject);
  await world.publish(
    { asset: numbers, rows: [1, 2, 3, 4].map((n) => ({ n })) },
    { asset: label, value: { text: "hello" } },
  );
});
after(() => world[Symbol.asyncDispose]());

const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ url, headers });
const problemOf = (answer: { json: () => unknown }) => answer.json() as Record<string, unknown>;

test("a computed list has the wire format in JSON and in CSV", async () => {
  assert.deepEqual((await get("/api/computed")).json(), [
    { name: 'a "b"', big: "1152921504606846976", at: "2001-01-01T00:00:00.000Z" },
    { name: "", big: null, at: "1970-01-01T00:00:00.000Z" },
  ]);
  assert.equal(
    (await get("/api/computed.csv")).payload,
    'name,big,at\r\n"a ""b""",1152921504606846976,2001-01-01T00:00:00.000Z\r\n"",,1970-01-01T00:00:00.000Z\r\n',
  );
});

test("values are read through their handles", async () => {
  assert.deepEqual((await get("/api/label")).json(), { text: "hello" });
});

test("SQL without declared columns is answered with the engine's", async () => {
  assert.deepEqual((await get("/api/untyped")).json(), [
    { n: 1, more: "1.5" },
    { n: 2, more: "3.0" },
  ]);
});

test("a handler gets the request by its schemas", async () => {
  const answer = await world.app.inject({
    url: "/api/context/a%2Fb?q=x%20y",
    headers: { "X-Level": "3", host: "example.com" },
  });
  assert.deepEqual(answer.json(), {
    id: "a/b",
    q: "x y",
    level: 3,
    path: "/api/context/a%2Fb",
    aborted: false,
  });
  const line = world.lines.find(({ message }) => message === "was called");
  assert.equal(line?.["level"], "info");
  assert.equal(line["endpoint"], "/api/context/:id");
});

test("a reply has its own status and headers", async () => {
  const made = await world.app.inject({ method: "POST", url: "/api/things", payload: { name: "a" } });
  assert.equal(made.statusCode, 201);
  assert.equal(made.headers["location"], "/api/things/1");
  assert.equal(made.headers.etag, undefined);
  assert.deepEqual(made.json(), { name: "A" });
  const gone = await world.app.inject({ method: "DELETE", url: "/api/things/1" });
  assert.deepEqual([gone.statusCode, gone.payload, gone.headers["content-length"]], [204, "", undefined]);
  const text = await get("/api/text");
  assert.deepEqual([text.payload, text.headers["content-type"]], ["hello", "text/plain"]);
});

test("an answer that does not fit what was declared names the place", async () => {
  const value = await get("/api/wrong-value");
  assert.equal(value.statusCode, 500);
  assert.equal(problemOf(value)["code"], "RESPONSE_INVALID");
  assert.match(String(problemOf(value)["detail"]), /\/rows\/1\/n/);
  const columns = await get("/api/wrong-columns");
  assert.equal(problemOf(columns)["code"], "RESPONSE_INVALID");
  assert.match(String(problemOf(columns)["detail"]), /missing/);
});

test("a handler that throws tells the log, not the client", async () => {
  for (const url of ["/api/throwing", "/api/throwing-later"]) {
    const answer = await get(url);
    assert.equal(answer.statusCode, 500);
    assert.ok(!answer.payload.includes("hunter2"));
    const { code, requestId } = problemOf(answer);
    assert.equal(code, "HANDLER_FAILED");
    const line = world.lines.find((each) => each["requestId"] === requestId);
    assert.equal(line?.level, "error");
    assert.match(line.message, /hunter2/);
    assert.match((line["err"] as { place: { file: string } }).place.file, /handlers-project\.ts$/);
  }
});

test("a problem that a handler throws is the answer", async () => {
  const answer = await get("/api/teapot");
  assert.equal(answer.statusCode, 418);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  assert.equal(problemOf(answer)["kind"], "short and stout");
});

test("more rows than allowed are an error, never a silent cut", async () => {
  const answer = await get("/api/many");
  assert.equal(answer.statusCode, 413);
  assert.equal(problemOf(answer)["code"], "TOO_MANY_ROWS");
});
