import type { RunOwner } from "../../core/run/run.ts";
import type { StepHistory } from "../../core/run/step-history.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { RunRevision, TakenOver } from "../../ports/state/run-store.ts";
import { MillraceError } from "../../core/errors.ts";
import { noLongerAsked } from "../../core/plan/revise-plan.ts";
import { appendEvents } from "../events/append-events.ts";
import { insertSteps } from "./create-run.ts";
import { all, first, run, runRows, type Script } from "../database/script.ts";

/**
 * Gives a run to another process. From the commit on nothing of the former one counts. What was committed stays:
 * steps that succeeded keep their versions, and their claims under the new token; everything else begins anew.
 */
export function* takeOverRun(
  scope: Scope,
  runId: string,
  expectedToken: number,
  owner: RunOwner,
  leaseMs: number,
  revision?: RunRevision,
): Script<TakenOver> {
  const {
    snapshot,
    resumes,
    now,
    ended_at: endedAt,
    basis,
  } = yield* lockForTakeOver(scope, runId, expectedToken);
  yield* refuseExpired(scope, runId);
  const token = expectedToken + 1;
  yield* run(
    `update run set status = 'running', token = ?, lease_expires_at = ?, owner_host = ?, owner_pid = ?,
       owner_process_start = ?, resumes = resumes + 1, error = null, ended_at = null
     where id = ?`,
    token,
    now + leaseMs,
    owner.host,
    owner.pid,
    owner.processStart,
    runId,
  );
  if (endedAt === null)
    yield* run(
      // A step that was stuck has failed already, and ended its process (N37).
      `update step set interruptions = interruptions + 1
       where run_id = ? and (status = 'running' and retry_at is null or (status = 'failure' and code = 'STEP_STUCK'))`,
      runId,
    );
  // What ended the process may be mended.
  if (revision !== undefined && revision.basis !== basis)
    yield* run(
      `update step set interruptions = 0, failures = 0, retry_at = null
       where run_id = ? and (interruptions > 0 or failures > 0 or retry_at is not null)`,
      runId,
    );
  if (revision !== undefined) yield* reviseRun(runId, revision, now);
  const abandoned = yield* abandonVersions(runId);
  yield* run(`update step set ${madeAnew} where run_id = ? and status in ('running', 'failure')`, runId);
  // Skipped as unchanged (N22) or by its own code is done; skipped because of something above is tried again.
  yield* run(
    `update step set status = 'pending', reason = null, code = null, ended_at = null
     where run_id = ? and status = 'skipped' and code = 'upstream'`,
    runId,
  );
  yield* run(
    `delete from claim where run_id = ?
       and step not in (select s.key from step s where s.run_id = ? and s.status = 'success')`,
    runId,
    runId,
  );
  yield* run("update claim set token = ? where run_id = ?", token, runId);
  const data = {
    resumes: resumes + 1,
    host: owner.host,
    pid: owner.pid,
    abandoned: abandoned.length,
    ...(revision === undefined ? {} : { pending: revision.pending.length }),
  };
  yield* appendEvents(scope, now, [{ type: "run.resumed", runId, data }]);
  return {
    lease: { runId, token, snapshot },
    abandoned,
    history: yield* readHistory(runId, now),
  };
}

/** Failures are forgotten with what has ended: whoever has that made once more gives it all its tries again. */
const madeAnew = `status = 'pending', reason = null, code = null, started_at = null, ended_at = null,
  failures = case when status in ('pending', 'running') or code = 'STEP_STUCK' then failures else 0 end,
  retry_at = case when status in ('pending', 'running') then retry_at end`;

function* readHistory(runId: string, now: number): Script<readonly StepHistory[]> {
  const begun = yield* all<{
    readonly step: string;
    readonly attempts: number;
    readonly interruptions: number;
    readonly failures: number;
    readonly retry_at: number | null;
  }>(
    `select key as step, attempts, interruptions, failures, retry_at from step
     where run_id = ? and status = 'pending' and attempts > 0 order by position`,
    runId,
  );
  return begun.map(({ retry_at: retryAt, ...step }) => ({
    ...step,
    ...(retryAt === null || retryAt <= now ? {} : { waitMs: retryAt - now }),
  }));
}

/** A step whose version is no longer kept would be taken for done. */
function* refuseExpired(scope: Scope, runId: string): Script<void> {
  // Who collects holds the same row: it has either seen this run ended, or sees it at work.
  yield* run("select id from environment where id = ? {lock}", scope.environmentId);
  const condemned = yield* first(
    `select v.id from version v join step s on s.run_id = v.run_id and s.key = v.step
     where v.run_id = ? and s.status = 'success' and v.state in ('staged', 'published', 'superseded')
       and v.condemned_at is not null limit 1`,
    runId,
  );
  if (condemned !== undefined) throw new MillraceError("RUN_EXPIRED", { run: runId });
}

/** Today's code is not the code the run began with: what it says is to be made is what is made. */
function* reviseRun(runId: string, revision: RunRevision, now: number): Script<void> {
  const { basis, pending, added, dropped, codePin, publish, asked } = revision;
  yield* runRows(
    `with r as {rows run_id text, key text}
     update step set ${madeAnew}
     from r where step.run_id = r.run_id and step.key = r.key`,
    pending.map((key) => [runId, key]),
  );
  yield* runRows(
    `with r as {rows run_id text, key text, ended_at integer}
     update step set status = 'skipped', reason = '${noLongerAsked}', code = 'dropped',
       ended_at = r.ended_at
     from r where step.run_id = r.run_id and step.key = r.key`,
    dropped.map((key) => [runId, key, now]),
  );
  const last = yield* first<{ position: number }>(
    "select coalesce(max(position), -1) as position from step where run_id = ?",
    runId,
  );
  yield* insertSteps(runId, added, (last?.position ?? -1) + 1);
  yield* run(
    `update run set basis = ?, code_pin = ?, publish = coalesce(?, publish), asked = coalesce(?, asked),
       step_count = step_count + ?
     where id = ?`,
    basis,
    codePin ?? null,
    publish ?? null,
    asked === undefined ? null : JSON.stringify(asked),
    added.length,
    runId,
  );
}

interface TakeOverRow {
  readonly status: string;
  readonly token: number;
  readonly snapshot: number;
  readonly resumes: number;
  readonly basis: string;
  readonly ended_at: number | null;
  readonly owner_pid: number | null;
  readonly now: number;
}

function* lockForTakeOver(scope: Scope, runId: string, expectedToken: number): Script<TakeOverRow> {
  const row = yield* first<TakeOverRow>(
    `select status, token, snapshot, resumes, basis, ended_at, owner_pid, {now} as now from run
     where id = ? and environment_id = ? {lock}`,
    runId,
    scope.environmentId,
  );
  if (row === undefined) throw new MillraceError("RUN_NOT_FOUND", { run: runId });
  if (row.token !== expectedToken) {
    throw new MillraceError("RUN_ACTIVE", { run: runId, process: row.owner_pid ?? "unknown" });
  }
  if (row.status === "success") throw new MillraceError("RUN_ENDED", { run: runId, status: row.status });
  return row;
}

/** What no succeeded step stands behind. Its bytes may lie in a store, so the names are given to whoever removes them. */
function* abandonVersions(runId: string): Script<TakenOver["abandoned"]> {
  const rows = yield* all<{ id: string; asset: string }>(
    `select v.id, a.key as asset from version v join asset a on a.id = v.asset_id
     where v.run_id = ? and (v.state = 'intended' or (v.state = 'staged' and not exists (
       select 1 from step s where s.run_id = v.run_id and s.key = v.step and s.status = 'success'
     )))
     order by v.sequence`,
    runId,
  );
  yield* runRows(
    "with r as {rows id text} update version set state = 'abandoned' from r where version.id = r.id",
    rows.map(({ id }) => [id]),
  );
  return rows.map(({ id, asset }) => ({ versionId: id, asset }));
}
