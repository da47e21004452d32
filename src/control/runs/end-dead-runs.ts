import { MillraceError } from "../../core/errors.ts";
import type { RunOwner, RunRecord } from "../../core/run/run.ts";
import type { ControlContext } from "../control-context.ts";
import { isForsaken } from "./is-forsaken.ts";

type OwnedRun = RunRecord & { readonly owner: RunOwner };

/**
 * Ends runs whose process, on this machine, is gone or does not answer: they would otherwise count as running, and keep
 * their claims until their leases lapse. What they committed stays, and the same materialization goes on from there
 * (see `materialize`). Runs of other machines are left to their leases.
 */
export async function endDeadRuns(context: ControlContext): Promise<void> {
  const { state, scope, processes } = context;
  const here = (run: RunRecord): run is OwnedRun =>
    run.owner !== undefined && processes.isAlive(run.owner) !== undefined;
  const owned = (await state.runs.unended(scope)).filter(here);
  // At once: each may take the time of a renewal.
  const judged = await Promise.all(
    owned.map(async (run) => ({
      run,
      gone: processes.isAlive(run.owner) === false,
      forsaken: await isForsaken(run, context),
    })),
  );
  for (const { run, gone, forsaken } of judged) if (forsaken) await endRun(run, gone, context);
}

async function endRun(
  { id, token, owner }: OwnedRun,
  gone: boolean,
  { state, scope, processes, launcher }: ControlContext,
): Promise<void> {
  try {
    const { lease, abandoned } = await state.runs.takeOver(scope, id, token, processes.self, 1_000);
    await launcher.discard(abandoned);
    const what = gone ? "ended without a word" : "renewed its lease no longer, and was ended";
    await state.runs.end(scope, lease, "canceled", `its process (${owner.pid} on ${owner.host}) ${what}`);
  } catch (error) {
    // Another process does the same.
    if (!(error instanceof MillraceError && takenBefore.has(error.code))) throw error;
  }
}

const takenBefore: ReadonlySet<string> = new Set(["RUN_ACTIVE", "RUN_ENDED", "RUN_LOST"]);
