import type { RunRecord, RunStatus, StepRecord, StepStatus } from "../core/run/run.ts";
import type { Scope } from "../ports/state/project-store.ts";
import { rangeOfRow, type RangeRow } from "./range-row.ts";
import { all, type Param, type Script } from "./script.ts";

interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly selection: string;
  readonly identity: string;
  readonly triggered_by: string;
  readonly tags: string;
  readonly snapshot: number;
  readonly token: number;
  readonly leased: number;
  readonly owner_host: string | null;
  readonly owner_pid: number | null;
  readonly owner_process_start: string | null;
  readonly resumes: number;
  readonly step_count: number;
  readonly error: string | null;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
}

const runColumns = `id, status, selection, identity, triggered_by, tags, snapshot, token,
  case when ended_at is null and lease_expires_at > {now} then 1 else 0 end as leased,
  owner_host, owner_pid, owner_process_start, resumes, step_count, error, created_at, started_at, ended_at`;

function* runs(condition: string, ...params: readonly Param[]): Script<readonly RunRecord[]> {
  return (yield* all<RunRow>(`select ${runColumns} from run ${condition}`, ...params)).map(runRecord);
}

export function* readRun(scope: Scope, runId: string): Script<RunRecord | undefined> {
  return (yield* runs("where id = ? and environment_id = ?", runId, scope.environmentId))[0];
}

export function* latestRun(scope: Scope, identity: string): Script<RunRecord | undefined> {
  const newest = "where environment_id = ? and identity = ? order by sequence desc limit 1";
  return (yield* runs(newest, scope.environmentId, identity))[0];
}

/** Newest first. */
export function* listRuns(scope: Scope, limit: number, before?: string): Script<readonly RunRecord[]> {
  if (before === undefined) {
    return yield* runs("where environment_id = ? order by sequence desc limit ?", scope.environmentId, limit);
  }
  return yield* runs(
    `where environment_id = ? and sequence < (select b.sequence from run b where b.id = ?)
     order by sequence desc limit ?`,
    scope.environmentId,
    before,
    limit,
  );
}

function runRecord(row: RunRow): RunRecord {
  const { owner_host: host, owner_pid: pid, owner_process_start: processStart } = row;
  return {
    id: row.id,
    status: row.status as RunStatus,
    selection: row.selection,
    identity: row.identity,
    trigger: row.triggered_by,
    snapshot: row.snapshot,
    token: row.token,
    createdAt: row.created_at,
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(host === null || pid === null || processStart === null ? {} : { owner: { host, pid, processStart } }),
    leased: row.leased === 1,
    resumes: row.resumes,
    stepCount: row.step_count,
    tags: JSON.parse(row.tags) as Record<string, string>,
  };
}

interface StepRow extends RangeRow {
  readonly key: string;
  readonly status: string;
  readonly asset: string;
  readonly attempts: number;
  readonly reason: string | null;
  readonly version_id: string | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
}

/** In the order of the plan. */
export function* readSteps(runId: string): Script<readonly StepRecord[]> {
  const rows = yield* all<StepRow>(
    `select s.key, s.status, a.key as asset, s.slice, s.range_from, s.range_to, s.attempts, s.reason, s.version_id,
       s.started_at, s.ended_at
     from step s join asset a on a.id = s.asset_id where s.run_id = ? order by s.position`,
    runId,
  );
  return rows.map((row) => ({
    key: row.key,
    status: row.status as StepStatus,
    asset: row.asset,
    range: rangeOfRow(row),
    attempts: row.attempts,
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.version_id === null ? {} : { versionId: row.version_id }),
  }));
}
