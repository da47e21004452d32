import { parentPort, workerData } from "node:worker_threads";
import { reasonOf } from "../../core/errors.ts";
import { openLeasesAt, type StateAddress } from "../state-address.ts";
import { systemClock } from "../system-clock.ts";
import type { FromWatch, ToWatch } from "./messages.ts";
import { RunKeeper } from "./run-keeper.ts";

/** The thread behind `watchFromThread`. */
const leases = openLeasesAt(workerData as StateAddress);
let isEnding = false;

const keeper = new RunKeeper({
  leases,
  clock: systemClock,
  onLost(run, reason) {
    const taken = reason.cause === undefined;
    const lost: FromWatch = { tell: "lost", run, reason: reasonOf(reason.cause ?? reason), taken };
    parentPort?.postMessage(lost, []);
  },
  async onStuck(overdue, run) {
    // One is enough to end the process.
    if (isEnding) return;
    isEnding = true;
    const { endStuckProcess } = await import("./end-stuck-process.ts");
    const ending = endStuckProcess(overdue, run, leases);
    keeper.endAll();
    await ending;
  },
});

parentPort?.on("message", (message: ToWatch) => keeper.hear(message));
