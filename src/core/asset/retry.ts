import { parseDuration } from "../duration.ts";

/** How a failed attempt is tried again. */
export interface RetryOptions {
  /** Tries after the first one. */
  readonly max: number;
  /** Wait before the first of them, for instance "2s"; 1 second when absent. */
  readonly delay?: string;
  /** How the wait grows; "exponential" when absent. */
  readonly backoff?: "constant" | "linear" | "exponential";
  /** "full": a random part of the wait, so that many failures do not come back at once. "none" when absent. */
  readonly jitter?: "none" | "full";
}

export interface RetryPolicy {
  readonly max: number;
  readonly delayMs: number;
  readonly backoff: "constant" | "linear" | "exponential";
  readonly jitter: "none" | "full";
}

export const noRetry: RetryPolicy = Object.freeze({
  max: 0,
  delayMs: 0,
  backoff: "constant",
  jitter: "none",
});

/** Undefined when the options make no sense. */
export function retryPolicy(options: RetryOptions | undefined): RetryPolicy | undefined {
  if (options === undefined) return noRetry;
  const delayMs = parseDuration(options.delay ?? "1s");
  if (delayMs === undefined || !Number.isInteger(options.max) || options.max < 0) return undefined;
  return {
    max: options.max,
    delayMs,
    backoff: options.backoff ?? "exponential",
    jitter: options.jitter ?? "none",
  };
}

/** Milliseconds to wait after the given failed attempt (1 is the first). `random` gives 0 ≤ x < 1. */
export function retryDelay(policy: RetryPolicy, failedAttempt: number, random: () => number): number {
  const factor =
    policy.backoff === "constant"
      ? 1
      : policy.backoff === "linear"
        ? failedAttempt
        : 2 ** Math.min(failedAttempt - 1, 30);
  const delay = Math.min(policy.delayMs * factor, 24 * 3_600_000);
  return policy.jitter === "full" ? Math.floor(delay * random()) : delay;
}
