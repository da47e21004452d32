import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handlersProject, numbers, seen } from "./handlers-project.ts";
import { ServingWorld } from "./serving-world.ts";

let world: ServingWorld;
let port: number;
before(async () => {
  world = await ServingWorld.open(handlersProject);
  await world.publish({ asset: numbers, rows: [{ n: 1 }] });
  await world.app.listen({ host: "127.0.0.1", port: 0 });
  ({ port } = world.app.server.address() as AddressInfo);
});
after(() => world[Symbol.asyncDispose]());

async function send(text: string, to = port): Promise<Socket> {
  const socket = connect(to, "127.0.0.1");
  await once(socket, "connect");
  socket.write(text);
  return socket;
}
const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

async function text(socket: Socket): Promise<string> {
  let received = "";
  for await (const piece of socket) {
    received += String(piece);
    if (/\r\n\r\n[^]*[}\]]$/.test(received)) break;
  }
  return received;
}

async function until(condition: () => boolean, milliseconds: number): Promise<number> {
  const started = performance.now();
  while (!condition()) {
    assert.ok(performance.now() - started < milliseconds, "it took too long");
    await sleep(5);
  }
  return performance.now() - started;
}

for (const [how, leave] of [
  ["resets the connection", (socket: Socket) => socket.resetAndDestroy()],
  ["closes the connection", (socket: Socket) => socket.end()],
] as const) {
  test(`a query stops when the client ${how}, and the engine is free again`, async () => {
    const running = await Promise.all(Array.from({ length: 4 }, () => send(request("/api/slow"))));
    await sleep(150);
    const left = () => world.lines.filter(({ message }) => message.startsWith("the client left")).length;
    const before = left();
    for (const socket of running) leave(socket);
    await until(() => left() === before + 4, 1_000);
    const started = performance.now();
    assert.equal((await world.app.inject("/api/sum")).statusCode, 200);
    assert.ok(performance.now() - started < 200, `${performance.now() - started} ms`);
    for (const socket of running) socket.destroy();
  });
}

test("a query that takes longer than the endpoint's time is stopped (N18)", async () => {
  const started = performance.now();
  const answer = await world.app.inject("/api/limited");
  assert.ok(performance.now() - started < 1_500);
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.json<{ code: string }>().code, "QUERY_TIMED_OUT");
});

test("a handler that takes longer is answered for, and told", async () => {
  seen.aborted = 0;
  const started = performance.now();
  const answer = await world.app.inject("/api/slow-handler");
  assert.ok(performance.now() - started < 1_500);
  assert.equal(answer.json<{ code: string }>().code, "QUERY_TIMED_OUT");
  assert.equal(seen.aborted, 1);
});

test("a handler is told when its client leaves", async () => {
  seen.aborted = 0;
  const socket = await send(request("/api/patient"));
  await sleep(50);
  socket.destroy();
  assert.ok((await until(() => seen.aborted === 1, 1_000)) < 300);
});

test("what is no HTTP, or too much of it, gets a problem and a closed connection", async () => {
  for (const [sent, status] of [
    ["NONSENSE\r\n\r\n", 400],
    [`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(40_000)}\r\n\r\n`, 431],
  ] as const) {
    const answer = await text(await send(sent));
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    assert.match(answer, /application\/problem\+json/);
  }
});

test("closing answers what runs, and takes no more", async () => {
  const closing = await ServingWorld.open(handlersProject);
  await closing.app.listen({ host: "127.0.0.1", port: 0 });
  const { port: own } = closing.app.server.address() as AddressInfo;
  const socket = await send(request("/api/patient"), own);
  const answer = text(socket);
  await sleep(100);
  const started = performance.now();
  const closed = closing.app.close();
  await sleep(20);
  const refused = connect(own, "127.0.0.1");
  await assert.rejects(once(refused, "connect"));
  assert.match(await answer, /^HTTP\/1.1 200 [^]*\{"done":true\}$/);
  await closed;
  assert.ok(performance.now() - started < 2_000, `${performance.now() - started} ms`);
  await closing[Symbol.asyncDispose]();
});

test("what still runs after the grace is stopped and told so", async () => {
  const closing = await ServingWorld.open(handlersProject, () => ({ closeGraceMs: 100 }));
  await closing.publish({ asset: numbers, rows: [{ n: 1 }] });
  await closing.app.listen({ host: "127.0.0.1", port: 0 });
  const { port: own } = closing.app.server.address() as AddressInfo;
  const answer = text(await send(request("/api/slow"), own));
  await sleep(150);
  const started = performance.now();
  await closing.app.close();
  assert.ok(performance.now() - started < 2_000, `${performance.now() - started} ms`);
  assert.match(await answer, /^HTTP\/1.1 503 [^]*SHUTTING_DOWN/);
  await closing[Symbol.asyncDispose]();
});
