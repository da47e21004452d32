import { retryPolicy, type RetryOptions, type RetryPolicy } from "../asset/retry.ts";
import { parseDuration } from "../duration.ts";

/** How a step is tried, as an author says it: of one step, or of all that say nothing themselves. */
export interface StepPolicyOptions {
  /** How a failed attempt is tried again; not at all when absent. */
  readonly retry?: RetryOptions;
  /** Milliseconds an attempt may take, written like "30s" or "10m"; no limit when absent. */
  readonly timeout?: string;
}

/** What one layer says of it; what it leaves open is said by the next. */
export interface StepPolicy {
  readonly retry?: RetryPolicy;
  /** Milliseconds an attempt may take. */
  readonly timeoutMs?: number;
}

/** Says nothing. */
const noPolicy: StepPolicy = Object.freeze({});

/** No timer waits longer. In days. */
const longestLimit = 24;

/** Reads the options of one layer. Mistakes are told to `invalid`, and leave open what they are about. */
export function definedPolicy(
  { retry: given, timeout }: StepPolicyOptions,
  invalid: (reason: string) => void,
): StepPolicy {
  const retry = given === undefined ? undefined : retryPolicy(given);
  if (given !== undefined && retry === undefined)
    invalid('retry needs max (a whole number) and a delay such as "2s"');
  const timeoutMs = timeout === undefined ? undefined : limitMs("timeout", timeout, invalid);
  if (retry === undefined && timeoutMs === undefined) return noPolicy;
  return {
    ...(retry === undefined ? {} : { retry }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

/** Milliseconds of a limit of time that an author gives; undefined, once that is told, for what is none. */
export function limitMs(
  option: string,
  given: string,
  invalid: (reason: string) => void,
): number | undefined {
  const found = parseDuration(given);
  if (found === undefined)
    invalid(`the ${option} ${JSON.stringify(given)} is no duration; write it like "30s" or "10m"`);
  else if (found > longestLimit * 86_400_000)
    invalid(
      `the ${option} ${JSON.stringify(given)} is longer than ${longestLimit} days, the longest there is`,
    );
  else return found;
  return undefined;
}

/**
 * What holds for a step: of each part, what the first layer says that says anything. The layers are, in this order, the
 * call of an op, its definition (or the asset), the job, the project.
 */
export function stepPolicy(...layers: readonly (StepPolicy | undefined)[]): StepPolicy {
  const retry = layers.find((layer) => layer?.retry !== undefined)?.retry;
  const timeoutMs = layers.find((layer) => layer?.timeoutMs !== undefined)?.timeoutMs;
  return { ...(retry === undefined ? {} : { retry }), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}
