/**
 * Asks for one path over and over on some connections kept open, one request at a time on each:
 * `load.ts <URL> <path> <connections> <milliseconds> [entity tag]`. Straight on sockets: a client that costs more than the
 * server would measure itself.
 */
import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { giveResult } from "../measure/give-result.ts";

const [base = "", path = "", connections = "1", milliseconds = "1000", tag] = process.argv.slice(2);
const { hostname, port, host } = new URL(base);
const request = Buffer.from(
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\n${tag === undefined ? "" : `If-None-Match: ${tag}\r\n`}\r\n`,
);
const expected = `HTTP/1.1 ${tag === undefined ? 200 : 304} `;
const warmUpMs = 400;
const headEnd = Buffer.from("\r\n\r\n");

let answers = 0;
let ending = false;

/** One connection: the next request goes out when the answer before has come in whole. */
async function ask(socket: Socket): Promise<void> {
  let received: Buffer = Buffer.alloc(0);
  socket.write(request);
  for await (const piece of socket as AsyncIterable<Buffer>) {
    received = received.length === 0 ? piece : Buffer.concat([received, piece]);
    const end = received.indexOf(headEnd);
    if (end === -1) continue;
    const head = received.toString("latin1", 0, end);
    if (!head.startsWith(expected)) throw new Error(`not ${expected}: ${received.toString()}`);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (received.length < end + headEnd.length + length) continue;
    answers += 1;
    received = Buffer.alloc(0);
    if (ending) break;
    socket.write(request);
  }
}

const sockets = Array.from({ length: Number(connections) }, () =>
  connect(Number(port), hostname).setNoDelay(),
);
await Promise.all(sockets.map((socket) => once(socket, "connect")));
const asking = Promise.all(sockets.map(ask));
await sleep(warmUpMs);
const before = answers;
const started = performance.now();
await sleep(Number(milliseconds));
const perSecond = ((answers - before) * 1000) / (performance.now() - started);
ending = true;
await asking;
giveResult({ perSecond });

async function sleep(duration: number): Promise<void> {
  await Promise.race([new Promise((resolve) => setTimeout(resolve, duration)), asking]);
}
