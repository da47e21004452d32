import type { CheckEvaluation } from "../core/check/evaluation.ts";
import { forRows, runRows, type Script } from "./script.ts";

interface EvaluationRow {
  readonly version_id: string;
  readonly run_id: string;
  readonly check_name: string;
  readonly passed: number;
  readonly blocking: number;
  readonly severity: string;
  readonly description: string | null;
  readonly metadata: string | null;
  readonly evaluated_at: number;
}

/** In the order they were written. */
export function* readEvaluations(versionIds: readonly string[]): Script<readonly CheckEvaluation[]> {
  const rows = yield* forRows<EvaluationRow>(
    `with r as {rows id text}
     select e.version_id, e.run_id, e.check_name, e.passed, e.blocking, e.severity, e.description, e.metadata,
       e.evaluated_at
     from r {join} check_evaluation e on e.version_id = r.id order by e.sequence`,
    [...new Set(versionIds)].map((id) => [id]),
  );
  return rows.map((row) => ({
    versionId: row.version_id,
    runId: row.run_id,
    check: row.check_name,
    passed: row.passed === 1,
    blocking: row.blocking === 1,
    severity: row.severity as CheckEvaluation["severity"],
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.metadata === null ? {} : { metadata: JSON.parse(row.metadata) as Record<string, unknown> }),
    evaluatedAt: row.evaluated_at,
  }));
}

export function* insertEvaluations(evaluations: readonly CheckEvaluation[]): Script<void> {
  yield* runRows(
    `with r as {rows version_id text, run_id text, check_name text, passed integer, blocking integer, severity text,
       description text, metadata text, evaluated_at integer}
     insert into check_evaluation (version_id, run_id, check_name, passed, blocking, severity, description, metadata,
       evaluated_at)
     select version_id, run_id, check_name, passed, blocking, severity, description, metadata, evaluated_at from r`,
    evaluations.map((evaluation) => [
      evaluation.versionId,
      evaluation.runId,
      evaluation.check,
      evaluation.passed ? 1 : 0,
      evaluation.blocking ? 1 : 0,
      evaluation.severity,
      evaluation.description,
      evaluation.metadata === undefined ? null : JSON.stringify(evaluation.metadata),
      evaluation.evaluatedAt,
    ]),
  );
}
