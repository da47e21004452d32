import { parentPort, workerData } from "node:worker_threads";
import { reasonOf } from "../../core/errors.ts";
import { openLeasesAt, type StateAddress } from "../state-address.ts";
import { systemClock } from "../system-clock.ts";
import type { FromWatch, ToWatch } from "./messages.ts";
import { RunKeeper } from "./run-keeper.ts";

/** The thread behind `watchFromThread`. */
const keeper = new RunKeeper({
  leases: openLeasesAt(workerData as StateAddress),
  clock: systemClock,
  onLost(run, reason) {
    const lost: FromWatch = { tell: "lost", run, reason: reasonOf(reason.cause ?? reason) };
    parentPort?.postMessage(lost, []);
  },
});

parentPort?.on("message", (message: ToWatch) => keeper.hear(message));
