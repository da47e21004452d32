import { MillraceError } from "../core/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { RunLease, RunStore } from "../ports/state/run-store.ts";

/**
 * Renews a run's lease three times in its length. When the run has a new owner, or state has not answered for a whole
 * lease, `onLost` is called: nothing that is written afterwards would count.
 */
export function keepLease(
  lease: RunLease,
  leaseMs: number,
  runs: RunStore,
  clock: Clock,
  onLost: (reason: MillraceError) => void,
): { stop(): Promise<void> } {
  const stop = new AbortController();
  let lastRenewed = clock.now();
  const keeping = (async () => {
    while (!stop.signal.aborted) {
      try {
        await clock.sleep(leaseMs / 3, stop.signal);
      } catch {
        return;
      }
      try {
        await runs.renew(lease, leaseMs);
        lastRenewed = clock.now();
      } catch (error) {
        const lost = error instanceof MillraceError && error.code === "RUN_LOST";
        if (lost || clock.now() - lastRenewed > leaseMs) {
          onLost(lost ? error : new MillraceError("RUN_LOST", { run: lease.runId }, { cause: error }));
          return;
        }
      }
    }
  })();
  return {
    async stop() {
      stop.abort();
      await keeping;
    },
  };
}
