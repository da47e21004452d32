import { url as debuggerUrl } from "node:inspector";
import { Worker } from "node:worker_threads";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { RunWatch, Watch, WatchedRun } from "../../ports/run-watch.ts";
import type { RunStore } from "../../ports/state/run-store.ts";
import type { StateAddress } from "../state-address.ts";
import type { FromWatch, ToWatch } from "./messages.ts";

/** A watch, and how to dismiss it. */
export interface ClosableWatch extends RunWatch {
  close(): Promise<void>;
}

/** Enough for a driver and its connection; a thread that needs more than it should ends, and not its process. */
const heapMb = 64;

/** 24 days. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Watches from a thread of its own, which has its own connection to state: code that never lets go of the main thread
 * keeps its lease, and is held to its limits all the same (N35). The thread is started with the first run and shared by
 * all; nobody waits for its start, and it keeps no process alive.
 *
 * @param runs Of the main thread
 * @param instead Watches should the thread end by itself
 * @param thread What it runs; for tests
 */
export function watchFromThread(
  address: StateAddress,
  runs: Pick<RunStore, "renew">,
  instead: RunWatch,
  thread: URL = new URL("./watch-thread.ts", import.meta.url),
): ClosableWatch {
  const all = new Map<number, Watched>();
  let worker: Worker | undefined;
  let broken = false;
  let last = 0;

  const tell = (message: ToWatch): void => worker?.postMessage(message, []);
  const giveUp = (): void => {
    broken = true;
    worker = undefined;
    for (const watched of all.values()) watched.instead ??= instead.over(watched.run);
  };
  const begin = (number: number, { scope, lease, leaseMs }: WatchedRun): void =>
    tell({ tell: "begun", run: number, scope, lease, leaseMs, since: Date.now() });
  /** A long transaction of this very process keeps the thread from renewing, and anybody from taking the run. */
  const hearLost = async ({ run: number, reason, taken }: FromWatch): Promise<void> => {
    const run = all.get(number)?.run;
    if (run === undefined) return;
    let cause = new Error(reason);
    if (!taken) {
      try {
        await runs.renew(run.lease, run.leaseMs);
        if (all.has(number)) begin(number, run);
        return;
      } catch (error) {
        cause = new Error(reasonOf(error), { cause: error });
      }
    }
    if (all.delete(number)) run.onLost(new MillraceError("RUN_LOST", { run: run.lease.runId }, { cause }));
  };
  const start = (): Worker => {
    const started = new Worker(thread, {
      name: "millrace watch",
      workerData: address,
      // What the process was started with (a script to evaluate, a debugger) is not meant for it.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    started.on("message", (message: FromWatch) => void hearLost(message));
    started.on("error", giveUp);
    started.on("exit", giveUp);
    // Last: listening makes it count again.
    started.unref();
    return started;
  };

  return {
    over(run): Watch {
      if (broken) return instead.over(run);
      worker ??= start();
      const number = (last += 1);
      const watched: Watched = { run, instead: undefined };
      all.set(number, watched);
      begin(number, run);
      return {
        limit(step, limitMs) {
          // Whoever stands at a breakpoint takes his time, and no timer waits longer.
          if (debuggerUrl() !== undefined || limitMs > longestTimerMs) return () => undefined;
          const limit = (last += 1);
          tell({ tell: "limit.begun", limit, run: number, step, limitMs });
          return () => tell({ tell: "limit.ended", limit });
        },
        async end() {
          all.delete(number);
          tell({ tell: "ended", run: number });
          await watched.instead?.end();
        },
      };
    },
    async close() {
      const ending = worker;
      worker = undefined;
      ending?.removeAllListeners();
      await ending?.terminate();
    },
  };
}

interface Watched {
  readonly run: WatchedRun;
  instead: Watch | undefined;
}
