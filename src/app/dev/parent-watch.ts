/**
 * A worker thread that ends its process, whatever the main thread is doing, once the parent process is gone. What the
 * parent would have removed goes with it.
 */
import { rmSync } from "node:fs";
import { workerData } from "node:worker_threads";

export interface WatchedParent {
  readonly parent: number;
  readonly socketFolder: string;
}

const intervalMs = 1_000;
const { parent, socketFolder }: WatchedParent = workerData;

setInterval(() => {
  if (process.ppid === parent) return;
  rmSync(socketFolder, { recursive: true, force: true });
  process.kill(process.pid, "SIGKILL");
}, intervalMs);
