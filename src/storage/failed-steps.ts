import type { FailedStepRecord } from "../core/run/run.ts";
import type { Scope } from "../ports/state/project-store.ts";
import { rangeOfRow, type RangeRow } from "./range-row.ts";
import { all, type Script } from "./script.ts";

interface FailedRow extends RangeRow {
  readonly run_id: string;
  readonly key: string;
  readonly ended_at: number;
  readonly reason: string | null;
  readonly code: string | null;
}

/** No index leads from an asset to its steps, so as many runs are looked through as were asked for. */
export function* readFailedSteps(
  scope: Scope,
  assetId: number,
  runs: number,
): Script<readonly FailedStepRecord[]> {
  const rows = yield* all<FailedRow>(
    `select s.run_id, s.key, s.slice, s.range_from, s.range_to, s.ended_at, s.reason, s.code
     from (
       select id, sequence from run where environment_id = ? and status <> 'success' order by sequence desc limit ?
     ) r
     join step s on s.run_id = r.id
     join step_output o on o.run_id = s.run_id and o.step = s.key
     where o.asset_id = ? and s.status = 'failure' and s.ended_at is not null
     order by s.ended_at desc, r.sequence desc, s.position`,
    scope.environmentId,
    runs,
    assetId,
  );
  return rows.map((row) => ({
    runId: row.run_id,
    key: row.key,
    range: rangeOfRow(row),
    endedAt: row.ended_at,
    reason: row.reason ?? "",
    code: row.code ?? "STEP_FAILED",
  }));
}
