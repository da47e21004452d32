import type { Clock } from "../ports/clock.ts";
import type { RunWatch } from "../ports/run-watch.ts";
import type { RunStore } from "../ports/state/run-store.ts";
import { keepLease } from "./lease-keeper.ts";

/**
 * Watches from the thread that does the work: for state that only this process has, so that nobody waits for the lease.
 * Limits are left to the timers of that thread.
 */
export function watchInThread(runs: Pick<RunStore, "renew">, clock: Clock): RunWatch {
  return {
    over({ lease, leaseMs, onLost }) {
      const keeper = keepLease(lease, leaseMs, runs, clock, onLost);
      return { limit: () => () => undefined, end: () => keeper.stop() };
    },
  };
}
