import { row } from "./error-row.ts";

/** Answering one request. */
export const requestErrors = {
  ROUTE_NOT_FOUND: row("Nothing is served at {path}", 404, "/api/docs lists the endpoints."),
  METHOD_NOT_ALLOWED: row("{path} does not answer to {method}", 405, "Use {allowed}."),
  REQUEST_MALFORMED: row(
    "The request is no HTTP that can be read: {reason}",
    400,
    "Correct its address, headers or length.",
  ),
  REQUEST_INVALID: row("The request has {mistakes}", 422, "Each one is in errors, with its place."),
  BODY_NOT_JSON: row("The body is not JSON: {reason}", 400, "Send JSON with content-type: application/json."),
  BODY_TOO_LARGE: row("The body is larger than {limit} bytes", 413, "Send less."),
  MEDIA_TYPE_UNSUPPORTED: row(
    "Bodies of the type {type} are not read",
    415,
    "Send content-type: application/json.",
  ),
  NOT_ACCEPTABLE: row("None of the formats asked for is offered", 406, "Ask for {offered}."),
  NOT_FOUND: row("{what} was not found", 404, "Check the name."),
  UNAUTHORIZED: row("The request carries no valid bearer token", 401, "Send: Authorization: Bearer <token>."),
  QUERY_TIMED_OUT: row(
    "The query took longer than {limit}",
    503,
    "Ask for less, or raise the endpoint's timeLimit.",
    true,
  ),
  TOO_MANY_ROWS: row("The answer has more than {limit} rows", 413, "Ask for less, or page."),
  OVERLOADED: row("Too many requests are waiting", 503, "Try again later.", true),
  SHUTTING_DOWN: row(
    "The server is stopping",
    503,
    "Try again: another one answers, or this one once it is back.",
    true,
  ),
  RESPONSE_INVALID: row(
    "The answer does not fit what the endpoint returns: {reason}",
    500,
    "Correct the handler, or returns.",
  ),
  HANDLER_FAILED: row("The handler failed: {reason}", 500, "The server's log has the details."),
  SNAPSHOT_GONE: row("Snapshot {snapshot} is no longer kept", 410, "Ask for a newer one."),
};
