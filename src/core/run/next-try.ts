import { retryDelay, type RetryPolicy } from "../asset/retry.ts";
import type { RetryRequest } from "./retry-request.ts";

/** How often a step is tried again that asks for it, where nothing says how often it may be. */
const grantedTries = 20;

/**
 * Milliseconds until a step is tried again that has failed; undefined when it is not (N37).
 *
 * @param policy Undefined where no layer says anything
 * @param failures With this one, in all processes of the run
 * @param random Gives 0 ≤ x < 1
 */
export function waitBeforeNextTry(
  policy: RetryPolicy | undefined,
  failures: number,
  request: RetryRequest | undefined,
  random: () => number,
): number | undefined {
  if (request?.again === "never") return undefined;
  const asked = request?.delayMs;
  if (policy === undefined) return failures > grantedTries ? undefined : asked;
  return failures > policy.max ? undefined : (asked ?? retryDelay(policy, failures, random));
}
