import type { PartitionRange } from "../core/partition/range.ts";
import type { StepStatus } from "../core/run/run.ts";
import { rangeOfRow, type RangeRow } from "./range-row.ts";
import type { AttemptEnd } from "./run-changes.ts";
import { forRows, runRows, type Script } from "./script.ts";

/** A step as a transaction of its run sees and changes it. */
export interface StepState {
  readonly key: string;
  readonly asset: string;
  readonly assetId: number;
  readonly spaceId: number;
  readonly range: PartitionRange;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly reason?: string;
  readonly code?: string;
  readonly versionId?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

interface StepStateRow extends RangeRow {
  readonly key: string;
  readonly asset: string;
  readonly asset_id: number;
  readonly space_id: number;
  readonly status: string;
  readonly attempts: number;
  readonly reason: string | null;
  readonly code: string | null;
  readonly version_id: string | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
}

export function* readStepStates(
  runId: string,
  keys: Iterable<string>,
): Script<ReadonlyMap<string, StepState>> {
  const rows = yield* forRows<StepStateRow>(
    `with r as {rows run_id text, key text}
     select s.key, a.key as asset, s.asset_id, s.space_id, s.slice, s.range_from, s.range_to, s.status, s.attempts,
       s.reason, s.code, s.version_id, s.started_at, s.ended_at
     from r {join} step s on s.run_id = r.run_id and s.key = r.key join asset a on a.id = s.asset_id`,
    // The run in each row, not once for all: else PostgreSQL takes the run's steps first, all of them.
    Array.from(new Set(keys), (key) => [runId, key]),
  );
  return new Map(
    rows.map((row) => [
      row.key,
      {
        key: row.key,
        asset: row.asset,
        assetId: row.asset_id,
        spaceId: row.space_id,
        range: rangeOfRow(row),
        status: row.status as StepStatus,
        attempts: row.attempts,
        ...(row.reason === null ? {} : { reason: row.reason }),
        ...(row.code === null ? {} : { code: row.code }),
        ...(row.version_id === null ? {} : { versionId: row.version_id }),
        ...(row.started_at === null ? {} : { startedAt: row.started_at }),
        ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
      },
    ]),
  );
}

export function* updateSteps(runId: string, steps: Iterable<StepState>): Script<void> {
  yield* runRows(
    `with r as {rows run_id text, key text, status text, attempts integer, reason text, code text, version_id text,
       started_at integer, ended_at integer}
     update step set status = r.status, attempts = r.attempts, reason = r.reason, code = r.code,
       version_id = r.version_id, started_at = r.started_at, ended_at = r.ended_at
     from r where step.run_id = r.run_id and step.key = r.key`,
    Array.from(steps, (step) => [
      runId,
      step.key,
      step.status,
      step.attempts,
      step.reason,
      step.code,
      step.versionId,
      step.startedAt,
      step.endedAt,
    ]),
  );
}

/** Begins attempts, ends them, or both. */
export function* writeAttempts(runId: string, token: number, attempts: Iterable<AttemptEnd>): Script<void> {
  yield* runRows(
    `with r as {rows step text, number integer, started_at integer, ended_at integer, outcome text, reason text}
     insert into attempt (run_id, step, number, token, started_at, ended_at, outcome, reason)
     select ?, step, number, ?, started_at, ended_at, outcome, reason from r where true
     on conflict (run_id, step, number)
     do update set ended_at = excluded.ended_at, outcome = excluded.outcome, reason = excluded.reason`,
    Array.from(attempts, ({ step, number, startedAt, endedAt, outcome, reason }) => [
      step,
      number,
      startedAt,
      endedAt,
      outcome,
      reason,
    ]),
    runId,
    token,
  );
}
