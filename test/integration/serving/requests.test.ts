import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { InjectOptions } from "fastify";
import { handlersProject, numbers } from "./handlers-project.ts";
import { ServingWorld } from "./serving-world.ts";

let world: ServingWorld;
before(async () => {
  world = await ServingWorld.open(handlersProject, () => ({ bodyLimit: 1000 }));
  await world.publish({ asset: numbers, rows: [{ n: 1 }] });
});
after(() => world[Symbol.asyncDispose]());

async function problemOf(options: InjectOptions, from = world) {
  const answer = await from.app.inject(options);
  assert.equal(answer.headers["content-type"], "application/problem+json", answer.payload);
  const body = answer.json<{ status: number; code: string; instance: string; detail: string }>();
  assert.equal(body.status, answer.statusCode);
  return { ...body, headers: answer.headers };
}
const post = (payload: string, type?: string): InjectOptions => ({
  method: "POST",
  url: "/api/things",
  payload,
  headers: type === undefined ? {} : { "content-type": type },
});

test("a body that is no JSON is 400, with the reason", async () => {
  for (const payload of ["{", "", "{'a':1}", "\xff"]) {
    const { status, code } = await problemOf(post(payload, "application/json"));
    assert.deepEqual([status, code], [400, "BODY_NOT_JSON"], payload);
  }
  const bytes = await problemOf({
    ...post("", "application/json"),
    payload: Buffer.from([0x22, 0xff, 0x22]),
  });
  assert.equal(bytes.code, "BODY_NOT_JSON");
});

test("a body of another type is 415, also of none", async () => {
  for (const type of ["text/plain", "application/xml", "application/jsonx", undefined]) {
    const options = post('{"name":"a"}', type);
    const { status } = await problemOf({ ...options, payload: Buffer.from('{"name":"a"}') });
    assert.equal(status, 415, String(type));
  }
  for (const type of [
    "application/json; charset=utf-8",
    "Application/JSON",
    "application/merge-patch+json",
  ]) {
    assert.equal((await world.app.inject(post('{"name":"a"}', type))).statusCode, 201, type);
  }
});

test("a body that is too large is 413", async () => {
  const { status, detail } = await problemOf(
    post(JSON.stringify({ name: "a".repeat(2_000) }), "application/json"),
  );
  assert.equal(status, 413);
  assert.match(detail, /1000/);
});

test("a body is checked, each mistake at its place", async () => {
  const answer = await world.app.inject(post('{"name":1}', "application/json"));
  assert.equal(answer.statusCode, 422);
  assert.deepEqual(answer.json<{ errors: unknown }>().errors, [
    {
      in: "body",
      path: "/name",
      message: "Invalid input: expected string, received number",
      code: "invalid_type",
    },
  ]);
});

test("an unknown path is 404, a wrong method 405 with those that are right", async () => {
  assert.equal((await problemOf({ url: "/api/nowhere" })).code, "ROUTE_NOT_FOUND");
  assert.equal((await problemOf({ url: "/else" })).code, "ROUTE_NOT_FOUND");
  const wrong = await problemOf({ method: "PUT", url: "/api/sum" });
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers["allow"], "GET, HEAD");
  assert.equal((await problemOf({ method: "GET", url: "/api/things/1" })).headers["allow"], "DELETE");
  assert.equal((await problemOf({ method: "POST", url: "/healthz" })).headers["allow"], "GET, HEAD");
});

test("an address that cannot be decoded is 400", async () => {
  assert.equal((await problemOf({ url: "/api/context/%zz" })).code, "REQUEST_MALFORMED");
});

test("a problem names the address and the request", async () => {
  const first = await problemOf({ url: "/api/sum?x=1" });
  const second = await problemOf({ url: "/api/sum?x=1" });
  assert.equal(first.instance, "/api/sum?x=1");
  assert.notEqual(
    (first as unknown as { requestId: string }).requestId,
    (second as unknown as { requestId: string }).requestId,
  );
});

test("with tokens everything but the probes needs one", async () => {
  const tokens = [
    { name: "ada", token: "secret-1" },
    { name: "bob", token: "secret-2" },
  ];
  await using secured = await ServingWorld.open(handlersProject, () => ({ tokens }));
  await secured.publish({ asset: numbers, rows: [{ n: 1 }] });
  const login = 'Basic realm="millrace", charset="UTF-8", Bearer realm="millrace"';
  for (const [url, challenge = 'Bearer realm="millrace"'] of [
    ["/api/sum"],
    ["/api/openapi.json", login],
    ["/api/docs/", login],
    ["/_millrace/v1/status"],
    ["/metrics"],
    ["/api/nowhere"],
  ] as const) {
    const refused = await problemOf({ url }, secured);
    assert.equal(refused.status, 401, url);
    assert.equal(refused.headers["www-authenticate"], challenge, url);
    assert.equal((await problemOf({ url, headers: { authorization: "Bearer wrong" } }, secured)).status, 401);
  }
  for (const url of ["/healthz", "/readyz"])
    assert.notEqual((await secured.app.inject(url)).statusCode, 401, url);
  const answer = await secured.app.inject({ url: "/api/sum", headers: { authorization: "Bearer secret-2" } });
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.headers["cache-control"], "private, no-cache");
  assert.equal(answer.headers["vary"], "Accept, Millrace-Snapshot, Authorization");
  const { components, security } = (
    await secured.app.inject({ url: "/api/openapi.json", headers: { authorization: "Bearer secret-1" } })
  ).json<{ components: { securitySchemes: unknown }; security: unknown }>();
  assert.deepEqual(components.securitySchemes, { bearer: { type: "http", scheme: "bearer" } });
  assert.deepEqual(security, [{ bearer: [] }]);
});

test("with tokens a browser can log in to the documentation, and to nothing else", async () => {
  await using secured = await ServingWorld.open(handlersProject, () => ({
    tokens: [{ name: "ada", token: "secret-1" }],
  }));
  await secured.publish({ asset: numbers, rows: [{ n: 1 }] });
  const statusOf = async (url: string, login: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(login).toString("base64")}`;
    return (await secured.app.inject({ url, headers: { authorization } })).statusCode;
  };
  for (const [url, status] of [
    ["/", 302],
    ["/api/docs", 301],
    ["/api/docs/", 200],
    ["/api/docs/js/scalar.js", 200],
    ["/api/openapi.json", 200],
  ] as const) {
    assert.equal(await statusOf(url, "ada:secret-1"), status, url);
    for (const wrong of ["ada:secret-2", "bob:secret-1", "ada:", "secret-1", ""]) {
      assert.equal(await statusOf(url, wrong), 401, `${url} ${wrong}`);
    }
  }
  // A browser adds a login to whatever page asks; a token it never adds by itself.
  for (const url of ["/api/sum", "/api/docsets", "/metrics", "/_millrace/v1/status"]) {
    assert.equal(await statusOf(url, "ada:secret-1"), 401, url);
  }
});
