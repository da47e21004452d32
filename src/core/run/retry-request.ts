import { parseDuration } from "../duration.ts";
import { MillraceError, reasonOf } from "../errors.ts";

/** No wait between two tries is longer. */
const longestWaitMs = 24 * 3_600_000;

/** What code has asked for by what it threw. */
export type RetryRequest =
  | { readonly again: "after"; readonly delayMs: number }
  | { readonly again: "never" };

const requests = new WeakMap<object, RetryRequest>();

/**
 * An error that says when to try again: `throw retryAfter("5m")`. The next try begins after that wait instead of the
 * one that the step's `retry` gives, and counts against it like any other. Where nothing says how the step is retried, it
 * is tried again 20 times at most. The wait outlives the process: a run that is continued waits out the rest.
 *
 * Heard in `run` of assets, multi-assets and ops, and in checks that a step asks of what it has made.
 *
 * @param delay "30s", "5m", "1h": at most a day
 * @param options `cause`: what went wrong, or that error itself. The step's reason is its message, and it stays the cause of
 *   the step's error.
 * @throws INVALID_OPTION when the delay is no duration, or longer than a day
 * @example
 * if (response.status === 429) throw retryAfter(`${response.headers.get("retry-after") ?? 60}s`);
 */
export function retryAfter(delay: string, options: Error | { readonly cause?: unknown } = {}): Error {
  const cause: unknown = options instanceof Error ? options : options?.cause;
  const delayMs = typeof delay === "string" ? parseDuration(delay) : undefined;
  if (delayMs === undefined || delayMs > longestWaitMs) {
    const reason = `${JSON.stringify(delay)} is no duration of at most a day; write it like "30s" or "5m"`;
    throw new MillraceError("INVALID_OPTION", { what: "retryAfter", key: "delay", reason }, { cause });
  }
  const message =
    cause === undefined ? `it asked to be tried again after ${delay}` : reasonOf(cause) || "no reason given";
  return requesting(message, cause, { again: "after", delayMs });
}

/**
 * An error that no other try can mend: `throw neverRetry(error)`. The step fails at once, whatever its `retry` says.
 *
 * @param cause What went wrong: an error, or its message. The step's reason is that message.
 * @example
 * if (response.status === 401) throw neverRetry("the key is revoked");
 */
export function neverRetry(cause: unknown): Error {
  const message = reasonOf(cause) || "no reason given";
  return requesting(message, typeof cause === "string" ? undefined : cause, { again: "never" });
}

function requesting(message: string, cause: unknown, request: RetryRequest): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = request.again === "after" ? "RetryAfter" : "NeverRetry";
  requests.set(error, request);
  return error;
}

/** What an error asks for: it itself, or what it tells of as the failure of a step. */
export function retryRequest(thrown: unknown): RetryRequest | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const own = requests.get(thrown);
  if (own !== undefined || !(thrown instanceof MillraceError) || thrown.code !== "STEP_FAILED") return own;
  return typeof thrown.cause === "object" && thrown.cause !== null ? requests.get(thrown.cause) : undefined;
}
