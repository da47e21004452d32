import type { ControlContext } from "./control-context.ts";

/**
 * Ends runs whose process, on this machine, is gone: they would otherwise count as running, and keep their claims
 * until their leases lapse. What they committed stays, and the same materialization goes on from there (see
 * `materialize`). Runs of other machines are left to their leases.
 */
export async function endDeadRuns(context: ControlContext): Promise<void> {
  const { state, scope, processes, launcher } = context;
  for (const run of await state.runs.unended(scope)) {
    if (run.owner === undefined || processes.isAlive(run.owner) !== false) continue;
    const { lease, abandoned } = await state.runs.takeOver(scope, run.id, run.token, processes.self, 1_000);
    await launcher.discard(abandoned);
    const { pid, host } = run.owner;
    await state.runs.end(scope, lease, "canceled", `its process (${pid} on ${host}) ended without a word`);
  }
}
