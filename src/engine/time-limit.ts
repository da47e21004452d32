import type { PlanStep } from "../core/plan/plan.ts";
import type { Execution } from "./execution.ts";

/** How long an attempt may take, and the signal that is aborted then. */
export interface TimeLimit extends Disposable {
  /** Undefined where there is none. */
  readonly limitMs: number | undefined;
  /** Aborted also when the run is. */
  readonly signal: AbortSignal;
}

/**
 * Begins the time of an attempt. The run's watch hears of it, too: on a thread that stands still no timer fires (N35).
 */
export function timeLimit(step: PlanStep, { signal, watch }: Execution): TimeLimit {
  const limitMs = step.computation.timeoutMs;
  if (limitMs === undefined) return { limitMs, signal, [Symbol.dispose]: () => undefined };
  const noticed = watch.limit(step.key, limitMs);
  const timeout = AbortSignal.timeout(limitMs);
  timeout.addEventListener("abort", noticed, { once: true });
  return {
    limitMs,
    signal: AbortSignal.any([signal, timeout]),
    [Symbol.dispose]() {
      timeout.removeEventListener("abort", noticed);
      noticed();
    },
  };
}
