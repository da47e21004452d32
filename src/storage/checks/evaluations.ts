import type { VersionInput, VersionState } from "../../core/catalog/version.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import type { EvaluationRecord } from "../../ports/state/evaluation-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { rangeOfRow, type RangeRow } from "../database/range-row.ts";
import { all, forRows, runRows, type Script } from "../database/script.ts";

interface EvaluationRow {
  readonly version_id: string;
  readonly run_id: string | null;
  readonly check_name: string;
  readonly scope: string;
  readonly passed: number;
  readonly blocking: number;
  readonly severity: string;
  readonly description: string | null;
  readonly metadata: string | null;
  readonly reads: string;
  readonly evaluated_at: number;
}

const columns = `e.version_id, e.run_id, e.check_name, e.scope, e.passed, e.blocking, e.severity, e.description,
  e.metadata, e.reads, e.evaluated_at`;

/** In the order they were written: what was said in this environment, and before it in its base (N11). */
export function* readEvaluations(
  scope: Scope,
  versionIds: readonly string[],
): Script<readonly CheckEvaluation[]> {
  const rows = yield* forRows<EvaluationRow & { readonly environment_id: number; readonly sequence: number }>(
    `with r as {rows id text}
     select ${columns}, e.environment_id, e.sequence
     from r {join} check_evaluation e on e.version_id = r.id order by e.sequence`,
    [...new Set(versionIds)].map((id) => [id]),
  );
  const until = lastOf(scope);
  return rows
    .filter(({ environment_id, sequence }) => sequence <= (until.get(environment_id) ?? -1))
    .map(evaluation);
}

/** The last evaluation that counts, of an environment and of each that it is based on. */
function lastOf({ environmentId, base }: Scope, until = Number.MAX_SAFE_INTEGER): Map<number, number> {
  const last = base === undefined ? new Map<number, number>() : lastOf(base.scope, base.evaluation);
  return last.set(environmentId, until);
}

/** Of one check, also of versions that were never published; the newest first, and then those of the base (N11). */
export function* readHistory(
  scope: Scope,
  assetId: number,
  check: string,
  limit: number,
  until: number = Number.MAX_SAFE_INTEGER,
): Script<readonly EvaluationRecord[]> {
  const rows = yield* all<EvaluationRow & RangeRow & { readonly state: string }>(
    `select ${columns}, v.slice, v.range_from, v.range_to, v.state
     from check_evaluation e join version v on v.id = e.version_id
     where e.environment_id = ? and e.asset_id = ? and e.check_name = ? and e.sequence <= ?
     order by e.sequence desc limit ?`,
    scope.environmentId,
    assetId,
    check,
    until,
    limit,
  );
  const own = rows.map((row) => ({
    ...evaluation(row),
    range: rangeOfRow(row),
    state: row.state as VersionState,
  }));
  const { base } = scope;
  const left = limit - own.length;
  if (base === undefined || left <= 0) return own;
  return [...own, ...(yield* readHistory(base.scope, assetId, check, left, base.evaluation))];
}

function evaluation(row: EvaluationRow): CheckEvaluation {
  return {
    versionId: row.version_id,
    ...(row.run_id === null ? {} : { runId: row.run_id }),
    check: row.check_name,
    scope: row.scope as CheckEvaluation["scope"],
    passed: row.passed === 1,
    blocking: row.blocking === 1,
    severity: row.severity as CheckEvaluation["severity"],
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.metadata === null ? {} : { metadata: JSON.parse(row.metadata) as Record<string, unknown> }),
    reads: JSON.parse(row.reads) as readonly VersionInput[],
    evaluatedAt: row.evaluated_at,
  };
}

export function* insertEvaluations(
  { environmentId }: Scope,
  evaluations: readonly CheckEvaluation[],
): Script<void> {
  yield* runRows(
    `with r as {rows position integer, version_id text, run_id text, check_name text, scope text, passed integer,
       blocking integer, severity text, description text, metadata text, reads text, evaluated_at integer}
     insert into check_evaluation (version_id, environment_id, asset_id, run_id, check_name, scope, passed, blocking,
       severity, description, metadata, reads, evaluated_at)
     select r.version_id, ?, v.asset_id, r.run_id, r.check_name, r.scope, r.passed, r.blocking, r.severity,
       r.description, r.metadata, r.reads, r.evaluated_at
     from r {join} version v on v.id = r.version_id order by r.position`,
    evaluations.map((made, position) => [
      position,
      made.versionId,
      made.runId,
      made.check,
      made.scope,
      made.passed ? 1 : 0,
      made.blocking ? 1 : 0,
      made.severity,
      made.description,
      made.metadata === undefined ? null : JSON.stringify(made.metadata),
      JSON.stringify(made.reads),
      made.evaluatedAt,
    ]),
    environmentId,
  );
}
