import { formatDuration } from "../core/duration.ts";
import { MillraceError } from "../core/errors.ts";
import type { Execution, StepOutcome } from "./execution.ts";

type Outcomes = ReadonlyMap<string, StepOutcome>;

/**
 * Has the steps of a run done within the time that they have together. When it is over, they are stopped; what comes after
 * them in the run is not. The run's watch hears of it, too: on a thread that stands still no timer fires (N35).
 *
 * @param limitMs Undefined: no limit
 * @param work Given the run as its steps see it, whose signal is aborted with RUN_TIMED_OUT
 */
export async function withinLimit(
  limitMs: number | undefined,
  execution: Execution,
  work: (limited: Execution) => Promise<Outcomes>,
): Promise<{ readonly outcomes: Outcomes; readonly timedOut: MillraceError | undefined }> {
  if (limitMs === undefined) return { outcomes: await work(execution), timedOut: undefined };
  const over = new AbortController();
  let timedOut: MillraceError | undefined;
  const noticed = execution.watch.limit(undefined, limitMs);
  const timer = setTimeout(() => {
    noticed();
    if (execution.signal.aborted) return;
    timedOut = new MillraceError("RUN_TIMED_OUT", { limit: formatDuration(limitMs) });
    over.abort(timedOut);
  }, limitMs);
  try {
    const signal = AbortSignal.any([execution.signal, over.signal]);
    return { outcomes: await work({ ...execution, signal }), timedOut };
  } finally {
    clearTimeout(timer);
    noticed();
  }
}
