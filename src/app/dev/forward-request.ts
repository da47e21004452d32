import { request as requestUpstream, type Agent, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";

export interface Upstream {
  readonly socketPath: string;
  readonly agent: Agent;
}

/** Fields that are about one connection (RFC 9110 §7.6.1) and therefore end here. */
const ofConnection = new Set(["connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"]);

/**
 * Passes a request on, and its answer back, both as streams and with their header fields as they are. A client that
 * leaves ends the request further up, so that its query stops.
 *
 * @returns when the answer is through, or the client is gone
 * @throws what kept the upstream from answering, as long as nothing of an answer has been sent
 */
export function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  upstream: Upstream,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const passed = requestUpstream({
      ...upstream,
      method: request.method,
      path: request.url,
      headers: endToEnd(request.rawHeaders, request.headers.connection),
    });
    response.once("close", () => {
      if (!response.writableFinished) passed.destroy();
      resolve();
    });
    passed.once("error", (error: NodeJS.ErrnoException) => {
      if (response.headersSent) response.destroy();
      else if (isStaleConnection(error, passed.reusedSocket, request))
        resolve(forwardRequest(request, response, upstream));
      else reject(error);
    });
    passed.once("response", (answer) => {
      const headers = endToEnd(answer.rawHeaders, answer.headers.connection, "transfer-encoding");
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
      // Half an answer must not look like a whole one: the connection is cut.
      pipeline(answer, response, () => resolve());
    });
    // Not pipeline: a client that leaves is seen on the response, and a broken upstream on `passed`.
    request.pipe(passed);
  });
}

/** A kept connection that the other side closed just as it was used again: nothing has been done with the request. */
function isStaleConnection(error: NodeJS.ErrnoException, reused: boolean, request: IncomingMessage): boolean {
  return reused && error.code === "ECONNRESET" && (request.method === "GET" || request.method === "HEAD");
}

function endToEnd(raw: readonly string[], connection = "", ...more: readonly string[]): string[] {
  const named = connection.split(",").map((name) => name.trim().toLowerCase());
  const dropped = new Set([...ofConnection, ...named, ...more]);
  const kept: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    if (!dropped.has(name.toLowerCase())) kept.push(name, raw[index + 1] ?? "");
  }
  return kept;
}
