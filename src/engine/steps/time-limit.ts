import { formatDuration } from "../../core/duration.ts";
import { MillraceError } from "../../core/errors.ts";
import type { Execution } from "../execution.ts";
import type { TriedStep } from "./tried-step.ts";

/** How long an attempt may take. */
export interface TimeLimit extends Disposable {
  /** Aborted when the time is over, or the run is. */
  readonly signal: AbortSignal;
  /**
   * What user code gives, or the reason why nobody waits for it any longer.
   *
   * @throws STEP_TIMED_OUT, or CANCELED when the run was aborted
   */
  until<T>(work: Promise<T>): Promise<T>;
}

/**
 * Begins the time of an attempt. The run's watch hears of it, too: on a thread that stands still no timer fires (N35).
 */
export function timeLimit(
  { key, policy: { timeoutMs } }: Pick<TriedStep, "key" | "policy">,
  { signal, watch }: Pick<Execution, "signal" | "watch">,
): TimeLimit {
  const over = (): MillraceError => new MillraceError("CANCELED");
  if (timeoutMs === undefined) {
    return { signal, until: (work) => untilAborted(work, signal, over), [Symbol.dispose]: () => undefined };
  }
  const noticed = watch.limit(key, timeoutMs);
  const timeout = AbortSignal.timeout(timeoutMs);
  timeout.addEventListener("abort", noticed, { once: true });
  const either = AbortSignal.any([signal, timeout]);
  const timedOut = (): MillraceError => {
    if (either.reason !== timeout.reason) return over();
    return new MillraceError("STEP_TIMED_OUT", { step: key, limit: formatDuration(timeoutMs) });
  };
  return {
    signal: either,
    until: (work) => untilAborted(work, either, timedOut),
    [Symbol.dispose]() {
      timeout.removeEventListener("abort", noticed);
      noticed();
    },
  };
}

async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  because: () => MillraceError,
): Promise<T> {
  let refuse = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    refuse = () => reject(because());
  });
  if (signal.aborted) refuse();
  signal.addEventListener("abort", refuse, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", refuse);
  }
}
