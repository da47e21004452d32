import { setTimeout as sleep } from "node:timers/promises";
import { type ProcessStat, processStat, processTree } from "./process-stat.ts";

/** A process that does not die by then hangs in the kernel. In milliseconds. */
const patienceMs = 5_000;

/**
 * Kills a process and what descends from it, and waits until they are gone; whether the process itself is. A child that
 * has left its parent, as daemons do, is not found.
 */
export async function killTree(root: ProcessStat): Promise<boolean> {
  // Stopped first, so that none starts another while they are counted.
  if (!send(root, "SIGSTOP")) return false;
  const found = new Map([[root.pid, root]]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const process of processTree(root)) {
      if (found.has(process.pid)) continue;
      found.set(process.pid, process);
      send(process, "SIGSTOP");
    }
  }
  for (const process of found.values()) send(process, "SIGKILL");
  for (const until = performance.now() + patienceMs; performance.now() < until; await sleep(5))
    if (![...found.values()].some(lives)) return true;
  return !lives(root);
}

function lives({ pid, start }: ProcessStat): boolean {
  const now = processStat(pid);
  return now?.start === start && !now.dead;
}

/** False when it is no longer that process, or somebody else's. */
function send(to: ProcessStat, signal: NodeJS.Signals): boolean {
  if (!lives(to)) return false;
  try {
    process.kill(to.pid, signal);
    return true;
  } catch {
    return false;
  }
}
