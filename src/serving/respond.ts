import type { ServerResponse } from "node:http";
import type { Redactor } from "../core/config/redactor.ts";
import {
  problemDocument,
  problemHeaders,
  type ProblemContext,
  type ProblemDocument,
} from "../http/problem-document.ts";

/**
 * Sends a whole answer. Written to Node's response itself: on the way of a 304 the framework's reply would cost as much as
 * everything else together.
 *
 * @param headers names and values in turn
 */
export function respond(
  response: ServerResponse,
  status: number,
  headers: readonly string[],
  body?: string | Buffer,
): void {
  if (response.headersSent || response.destroyed) return;
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  const all = [...headers];
  if (status !== 304 && status !== 204) all.push("Content-Length", String(length));
  response.writeHead(status, all);
  if (body === undefined || response.req.method === "HEAD" || status === 304 || status === 204)
    response.end();
  else response.end(body);
}

/** Sends an error as a problem document. */
export function respondProblem(
  response: ServerResponse,
  thrown: unknown,
  context: ProblemContext,
  redactor: Redactor | undefined,
): ProblemDocument {
  const document = problemDocument(thrown, context);
  const headers = Object.entries(problemHeaders(thrown)).flat();
  const text = JSON.stringify(document);
  respond(response, document.status, headers, redactor?.text(text) ?? text);
  return document;
}
