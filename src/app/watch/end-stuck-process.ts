import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isatty } from "node:tty";
import { formatDuration } from "../../core/duration.ts";
import { MillraceError } from "../../core/errors.ts";
import type { LeaseStore } from "../../ports/state/lease-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { RunChange, RunLease } from "../../ports/state/run-store.ts";
import { killTree } from "../kill-tree.ts";
import { processStat, processTree } from "../process-stat.ts";
import type { Overdue } from "./limit-keeper.ts";

/** The thread that stands still may hold a lock of the run's. In milliseconds. */
const patienceMs = 5_000;

const showCursor = "\u001B[?25h";

/**
 * Ends this process from a thread beside its main one, which stands still in a step or a run whose time is over: says so in state
 * and to whoever watches, and leaves nothing running that it has started. The run is continued like any other whose
 * process ended.
 */
export async function endStuckProcess(
  { step, limitMs, graceMs }: Overdue,
  { scope, lease }: { readonly scope: Scope; readonly lease: RunLease },
  leases: Promise<LeaseStore>,
): Promise<void> {
  const details = { limit: formatDuration(limitMs), grace: formatDuration(graceMs) };
  const error =
    step === undefined
      ? new MillraceError("RUN_STUCK", details)
      : new MillraceError("STEP_STUCK", { step, ...details });
  say(`${isatty(2) ? showCursor : ""}error: ${error.message}\n  → ${error.fix}\n`);
  // Which step it is that keeps a run from ending in time is not known.
  const failed: readonly RunChange[] =
    step === undefined ? [] : [{ change: "step.failed", step, reason: error.message, code: error.code }];
  const record = leases.then((opened) => opened.apply(scope, lease, failed)).catch(() => undefined);
  await Promise.race([record, sleep(patienceMs)]);
  const self = processStat(process.pid);
  const children = self === undefined ? [] : processTree(self).filter(({ parent }) => parent === self.pid);
  await Promise.all(children.map((child) => killTree(child)));
  // Nobody listens to it, so it ends the process by itself, whatever its main thread does.
  send("SIGALRM");
  await sleep(1_000);
  // Where that was not heard: a system without it, or the first process of a container.
  send("SIGKILL");
}

/** Past `process.stderr`, which goes through the thread that stands still. */
function say(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads it any longer.
  }
}

function send(signal: NodeJS.Signals): void {
  try {
    process.kill(process.pid, signal);
  } catch {
    // The system does not know it.
  }
}
