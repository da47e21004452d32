import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { MillraceError } from "../../core/errors.ts";
import { problemDocument, problemHeaders } from "../../http/problem-document.ts";
import type { Backend } from "./backend.ts";

/** The server that owns the port: takes requests and hands each to whoever answers at that moment. */
export function createFrontDoor(backend: () => Promise<Backend>): Server {
  return createServer((request, response) => {
    answer(request, response, backend).catch((error: unknown) => refuse(request, response, error));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  backend: () => Promise<Backend>,
): Promise<void> {
  const chosen = await backend();
  if (response.destroyed) return;
  try {
    await chosen.forward(request, response);
  } catch (error) {
    throw new MillraceError("API_PROCESS_ENDED", {}, { cause: error });
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const instance = (request.url ?? "/").split("?")[0] ?? "/";
  const problem = problemDocument(error, { instance, requestId: randomUUID(), expose: true });
  response.writeHead(problem.status, problemHeaders(error));
  response.end(`${JSON.stringify(problem)}\n`);
}
