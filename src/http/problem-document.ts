import { asMillraceError, MillraceError, type ErrorCode } from "../core/errors.ts";
import { RequestProblem } from "../core/endpoint/problem.ts";
import { RequestInvalid, type RequestMistake } from "./request-invalid.ts";

export const problemMediaType = "application/problem+json";

/** The body of every answer that is an error (RFC 9457). */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** The path that was asked for. */
  readonly instance: string;
  /** Code of the error table; absent for the problems of a project's own. */
  readonly code?: ErrorCode;
  /** Names the request in the server's log. */
  readonly requestId: string;
  /** Every mistake of the request. */
  readonly errors?: readonly RequestMistake[];
  readonly [extension: string]: unknown;
}

export interface ProblemContext {
  readonly instance: string;
  readonly requestId: string;
  /** Say what went wrong inside the server too: for the person who develops it. */
  readonly expose: boolean;
}

/** Errors of the server whose text is meant for the client. The others may tell of SQL, paths or addresses. */
const forClients: ReadonlySet<ErrorCode> = new Set([
  "ASSET_NOT_MATERIALIZED",
  "QUERY_TIMED_OUT",
  "OVERLOADED",
  "SHUTTING_DOWN",
  "RESPONSE_INVALID",
]);

/** Whatever was thrown, as a problem document. */
export function problemDocument(thrown: unknown, context: ProblemContext): ProblemDocument {
  const { instance, requestId } = context;
  if (thrown instanceof RequestProblem) {
    const { status, title } = thrown;
    return { type: "about:blank", title, detail: title, ...thrown.extensions, status, instance, requestId };
  }
  const error = asMillraceError(thrown);
  const { code, status } = error;
  const told = status < 500 || forClients.has(code) || context.expose;
  return {
    type: `urn:millrace:problem:${code.toLowerCase().replaceAll("_", "-")}`,
    title: titleOf(code),
    status,
    detail: told ? `${error.message}. ${error.fix}` : `The server's log has the details, under ${requestId}.`,
    instance,
    code,
    requestId,
    ...(error instanceof RequestInvalid ? { errors: error.mistakes } : {}),
  };
}

const secondsUntilRetry: Partial<Record<ErrorCode, number>> = {
  OVERLOADED: 1,
  SHUTTING_DOWN: 1,
  STATE_UNAVAILABLE: 2,
  ASSET_NOT_MATERIALIZED: 10,
};

/** Headers that belong to an error. */
export function problemHeaders(thrown: unknown): Record<string, string> {
  const headers: Record<string, string> = {
    "Content-Type": problemMediaType,
    "Cache-Control": "no-store",
  };
  if (!(thrown instanceof MillraceError)) return headers;
  const seconds = secondsUntilRetry[thrown.code];
  if (seconds !== undefined) headers["Retry-After"] = String(seconds);
  if (thrown.code === "UNAUTHORIZED") {
    const token = 'Bearer realm="millrace"';
    // The login first: Chromium reads but one challenge of a header.
    const login = 'Basic realm="millrace", charset="UTF-8"';
    headers["WWW-Authenticate"] = thrown.details["login"] === undefined ? token : `${login}, ${token}`;
  }
  const { allowed } = thrown.details;
  if (thrown.code === "METHOD_NOT_ALLOWED" && allowed !== undefined) headers["Allow"] = String(allowed);
  return headers;
}

/** The same for every occurrence: the code in words. */
function titleOf(code: ErrorCode): string {
  const words = code.toLowerCase().replaceAll("_", " ").replace("json", "JSON").replace("sql", "SQL");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
