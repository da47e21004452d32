import { MillraceError } from "../core/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { RunLease, RunStore } from "../ports/state/run-store.ts";

/**
 * Renews a run's lease three times in its length. When the run has a new owner, or state has not answered for a whole
 * lease, `onLost` is called: nothing that is written afterwards would count.
 *
 * @param since When it was given, in milliseconds since the epoch; now when absent
 */
export function keepLease(
  lease: RunLease,
  leaseMs: number,
  runs: Pick<RunStore, "renew">,
  clock: Clock,
  onLost: (reason: MillraceError) => void,
  since: number = clock.now(),
): { stop(): Promise<void> } {
  const stop = new AbortController();
  const interval = leaseMs / 3;
  const keeping = (async () => {
    // By this process's clock, and counted from before a renewal was asked for: never later than state thinks.
    let heldUntil = since + leaseMs;
    for (;;) {
      const wait = Math.min(interval, Math.max(heldUntil - clock.now(), 0));
      if (!(await slept(clock, wait, stop.signal))) return;
      const asked = clock.now();
      const failure = await renewal(Math.max(heldUntil - asked, interval));
      if (stop.signal.aborted) return;
      if (failure === undefined) heldUntil = asked + leaseMs;
      else if (isLost(failure.cause) || clock.now() >= heldUntil) {
        onLost(
          isLost(failure.cause)
            ? failure.cause
            : new MillraceError("RUN_LOST", { run: lease.runId }, failure),
        );
        return;
      }
    }
  })();

  /** Undefined when the lease is renewed; else why not. A state that does not answer must not hold up the verdict. */
  async function renewal(patienceMs: number): Promise<{ cause: unknown } | undefined> {
    const answered = new AbortController();
    const silence = slept(clock, patienceMs, AbortSignal.any([stop.signal, answered.signal])).then(() => ({
      cause: new Error("state did not answer"),
    }));
    const answer = runs.renew(lease, leaseMs).then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    );
    const first = await Promise.race([answer, silence]);
    answered.abort();
    return first;
  }

  return {
    async stop() {
      stop.abort();
      await keeping;
    },
  };
}

function isLost(error: unknown): error is MillraceError {
  return error instanceof MillraceError && error.code === "RUN_LOST";
}

/** False when it was woken before its time. */
function slept(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(milliseconds, signal).then(
    () => true,
    () => false,
  );
}
