import type { RunOwner, RunRecord } from "../../core/run/run.ts";
import { Wakefulness } from "../../core/run/wakefulness.ts";
import type { ControlContext } from "../control-context.ts";

/** Looks at a process that lives and is silent, while its silence lasts. */
const looks = 6;

/**
 * May the run be taken over? A run whose process is gone may, and one whose lease has lapsed. Where its process lives
 * on this machine all the same, stopped or hanging, it is given the time of a renewal to be heard from; else it is
 * killed with all that it has started, so that it holds no lock and writes no more (N35). What cannot be killed has the
 * older token, under which nothing counts.
 */
export async function isForsaken(run: RunRecord, context: ControlContext): Promise<boolean> {
  const { owner, leased } = run;
  const { processes } = context;
  if (owner === undefined) return !leased;
  const alive = processes.isAlive(owner);
  if (alive === false) return true;
  if (leased) return false;
  if (alive === undefined) return true;
  const heard = await heardFrom(run, owner, context);
  if (heard === "silence") await processes.kill(owner);
  return heard !== "renewal";
}

/**
 * A second look: after a machine has slept, its processes wake in no order, and who is first must not take the others
 * for dead. So only as much silence counts as he who listens was awake for.
 */
async function heardFrom(
  run: RunRecord,
  owner: RunOwner,
  { state, scope, processes, clock, leaseMs }: ControlContext,
): Promise<"renewal" | "end" | "silence"> {
  // A lease is renewed three times in its length; half of it leaves time for the renewal itself.
  const patienceMs = leaseMs / 2;
  const wakefulness = new Wakefulness();
  for (let awakeMs = 0; awakeMs < patienceMs;) {
    const before = clock.now();
    await clock.sleep(patienceMs / looks);
    awakeMs = wakefulness.napped(patienceMs / looks, clock.now() - before);
    if (processes.isAlive(owner) === false) return "end";
    const now = await state.runs.get(scope, run.id);
    // Or it has ended, or somebody else has it.
    if (now === undefined || now.leased || now.token !== run.token || now.endedAt !== run.endedAt)
      return "renewal";
  }
  return "silence";
}
