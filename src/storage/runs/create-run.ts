import type { RunOwner } from "../../core/run/run.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { NewRun, NewStep, RunLease } from "../../ports/state/run-store.ts";
import { appendEvents } from "../events/append-events.ts";
import { lockEnvironment } from "../environments/lock-environment.ts";
import { run, runRows, type Script, storableText } from "../database/script.ts";

export function* createRun(scope: Scope, made: NewRun, owner: RunOwner, leaseMs: number): Script<RunLease> {
  // Kept from whoever collects snapshots: the one that is read now is pinned by the row that follows.
  const { snapshot, now } = yield* lockEnvironment(scope);
  yield* run(
    `insert into run (id, project_id, environment_id, identity, basis, selection, job, asked, triggered_by, tags, code_pin, config, full_refresh, publish, values_kept, status, snapshot, token,
       lease_expires_at, owner_host, owner_pid, owner_process_start, step_count, created_at, started_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, 1, ?, ?, ?, ?, ?, ?, ?)`,
    made.id,
    scope.projectId,
    scope.environmentId,
    made.identity,
    made.basis,
    storableText(made.selection),
    made.job ?? null,
    made.asked === undefined ? null : JSON.stringify(made.asked),
    made.trigger,
    JSON.stringify(made.tags),
    made.codePin ?? null,
    made.config === undefined ? null : JSON.stringify(made.config),
    made.fullRefresh === true ? 1 : 0,
    made.publish ?? "run",
    made.job === undefined ? 0 : 1,
    snapshot,
    now + leaseMs,
    owner.host,
    owner.pid,
    owner.processStart,
    made.steps.length,
    now,
    now,
  );
  yield* insertSteps(made.id, made.steps, 0);
  const { selection, trigger } = made;
  yield* appendEvents(scope, now, [
    { type: "run.created", runId: made.id, data: { selection, trigger, steps: made.steps.length } },
    { type: "run.started", runId: made.id, data: { snapshot, host: owner.host, pid: owner.pid } },
  ]);
  return { runId: made.id, token: 1, snapshot };
}

/** To a run that has begun. */
export function* addSteps(
  runId: string,
  added: readonly { readonly steps: readonly NewStep[]; readonly from: number }[],
): Script<void> {
  if (added.length === 0) return;
  for (const { steps, from } of added) yield* insertSteps(runId, steps, from);
  yield* run(
    "update run set step_count = (select count(*) from step where run_id = ?) where id = ?",
    runId,
    runId,
  );
}

/**
 * Those that are there already stay as they are.
 *
 * @param from The place in the plan of the first one
 */
export function* insertSteps(runId: string, steps: readonly NewStep[], from: number): Script<void> {
  yield* runRows(
    `with r as {rows position integer, key text, space_id integer, slice text, range_from integer, range_to integer,
       may_skip integer}
     insert into step (run_id, position, key, space_id, slice, range_from, range_to, may_skip, status)
     select ?, position, key, space_id, slice, range_from, range_to, may_skip, 'pending' from r where true
     on conflict (run_id, key) do nothing`,
    steps.map(({ key, place, mayRun }, index) => [
      from + index,
      key,
      place?.spaceId,
      place?.range.slice,
      place?.range.from,
      place?.range.to,
      mayRun === true ? 1 : 0,
    ]),
    runId,
  );
  yield* runRows(
    `with r as {rows step text, position integer, asset_id integer}
     insert into step_output (run_id, step, position, asset_id) select ?, step, position, asset_id from r`,
    steps.flatMap(({ key, outputs }) => outputs.map(({ assetId }, position) => [key, position, assetId])),
    runId,
  );
}
