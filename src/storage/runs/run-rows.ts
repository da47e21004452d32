import type {
  AskedOfJob,
  RunRecord,
  RunStatus,
  SkipCause,
  StepRecord,
  StepStatus,
} from "../../core/run/run.ts";
import type { RunConfig } from "../../core/config/run-config.ts";
import type { PublishPolicy } from "../../core/run/publish-policy.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { all, type Param, type Script } from "../database/script.ts";
import { placeOfRow, type PlaceRow } from "./step-place.ts";

interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly selection: string;
  readonly job: string | null;
  readonly asked: string | null;
  readonly identity: string;
  readonly basis: string;
  readonly triggered_by: string;
  readonly tags: string;
  readonly code_pin: string | null;
  readonly config: string | null;
  readonly full_refresh: number;
  readonly publish: string;
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

const runColumns = `id, status, selection, job, asked, identity, basis, triggered_by, tags, code_pin, config, full_refresh, publish, snapshot, token,
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

/** Found by the index of those alone, however many have ended. */
export function* unendedRuns(scope: Scope): Script<readonly RunRecord[]> {
  return yield* runs("where environment_id = ? and ended_at is null order by sequence", scope.environmentId);
}

/** Newest first. */
export function* listRuns(
  scope: Scope,
  { limit, before, job }: { readonly limit: number; readonly before?: string; readonly job?: string },
): Script<readonly RunRecord[]> {
  const earlier = before === undefined ? "" : "and sequence < (select b.sequence from run b where b.id = ?)";
  return yield* runs(
    `where environment_id = ? ${job === undefined ? "" : "and job = ?"} ${earlier} order by sequence desc limit ?`,
    scope.environmentId,
    ...(job === undefined ? [] : [job]),
    ...(before === undefined ? [] : [before]),
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
    basis: row.basis,
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
    publish: row.publish as PublishPolicy,
    ...(row.job === null ? {} : { job: row.job }),
    ...(row.asked === null ? {} : { asked: JSON.parse(row.asked) as AskedOfJob }),
    ...(row.full_refresh === 1 ? { fullRefresh: true } : {}),
    ...(row.code_pin === null ? {} : { codePin: row.code_pin }),
    ...(row.config === null ? {} : { config: JSON.parse(row.config) as RunConfig }),
  };
}

interface StepRow extends PlaceRow {
  readonly key: string;
  readonly status: string;
  readonly asset: string | null;
  readonly omitted: number | null;
  readonly code: string | null;
  readonly attempts: number;
  readonly retry_at: number | null;
  readonly may_skip: number;
  readonly reason: string | null;
  readonly code_version: string | null;
  readonly input_version: string | null;
  readonly version_id: string | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
}

/** Versions that a step has made and that stand, whatever has become of them since. */
const standing = "('staged', 'published', 'superseded')";

/** In the order of the plan. */
export function* readSteps(runId: string): Script<readonly StepRecord[]> {
  const rows = yield* all<StepRow>(
    `select s.key, s.status, a.key as asset, o.omitted, s.space_id, s.slice, s.range_from, s.range_to, s.attempts,
       s.retry_at, s.may_skip, s.reason,
       s.code, s.code_version, s.input_version, v.id as version_id, s.started_at, s.ended_at
     from step s
     left join step_output o on o.run_id = s.run_id and o.step = s.key
     left join asset a on a.id = o.asset_id
     left join version v on v.run_id = s.run_id and v.step = s.key and v.asset_id = o.asset_id
       and s.status = 'success' and v.state in ${standing}
     where s.run_id = ? order by s.position, o.position`,
    runId,
  );
  return [...Map.groupBy(rows, ({ key }) => key).values()].flatMap((outputs): StepRecord[] => {
    const [row] = outputs;
    if (row === undefined) return [];
    return [
      {
        key: row.key,
        status: row.status as StepStatus,
        outputs: outputs.flatMap(({ asset, omitted, version_id: versionId }) =>
          asset === null
            ? []
            : [{ asset, ...(versionId === null ? {} : { versionId }), omitted: omitted === 1 }],
        ),
        ...rangeOfStep(row),
        attempts: row.attempts,
        mayRun: row.may_skip === 1,
        ...(row.retry_at === null ? {} : { retryAt: row.retry_at }),
        ...(row.started_at === null ? {} : { startedAt: row.started_at }),
        ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
        ...(row.reason === null ? {} : { reason: row.reason }),
        ...(row.code_version === null || row.input_version === null
          ? {}
          : { versions: { codeVersion: row.code_version, inputVersion: row.input_version } }),
        ...(row.status === "skipped" && row.code !== null ? { skipped: row.code as SkipCause } : {}),
      },
    ];
  });
}

function rangeOfStep(row: StepRow): Pick<StepRecord, "range"> {
  const { place } = placeOfRow(row);
  return place === undefined ? {} : { range: place.range };
}
