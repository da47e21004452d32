import type { FailedStepRecord } from "../../core/run/run.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { rangeOfRow, type RangeRow } from "../database/range-row.ts";
import { forRows, type Script } from "../database/script.ts";

interface FailedRow extends RangeRow {
  readonly asset_id: number;
  readonly run_id: string;
  readonly key: string;
  readonly ended_at: number;
  readonly reason: string | null;
  readonly code: string | null;
  readonly code_version: string | null;
  readonly input_version: string | null;
}

/** No index leads from an asset to its steps, so as many runs are looked through as were asked for. */
export function* readFailedSteps(
  scope: Scope,
  assetIds: readonly number[],
  runs: number,
): Script<readonly FailedStepRecord[]> {
  const rows = yield* forRows<FailedRow>(
    `with r as {rows asset_id integer}
     select o.asset_id, s.run_id, s.key, s.slice, s.range_from, s.range_to, s.ended_at, s.reason, s.code,
       s.code_version, s.input_version
     from (
       select id, sequence from run where environment_id = ? and status <> 'success' order by sequence desc limit ?
     ) u
     {join} step s on s.run_id = u.id
     {join} step_output o on o.run_id = s.run_id and o.step = s.key
     {join} r on r.asset_id = o.asset_id
     where s.status = 'failure' and s.ended_at is not null
     order by s.ended_at desc, u.sequence desc, s.position`,
    assetIds.map((id) => [id]),
    scope.environmentId,
    runs,
  );
  return rows.map((row) => ({
    assetId: row.asset_id,
    runId: row.run_id,
    key: row.key,
    range: rangeOfRow(row),
    endedAt: row.ended_at,
    reason: row.reason ?? "",
    code: row.code ?? "STEP_FAILED",
    ...(row.code_version === null ? {} : { codeVersion: row.code_version }),
    ...(row.input_version === null ? {} : { inputVersion: row.input_version }),
  }));
}
