import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { effectiveScope } from "../../core/check/effective-scope.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import type { Evaluated } from "./evaluate-checks.ts";

/** What is kept of a check that was asked. A failure that is only a warning blocks nothing. */
export function evaluationOf(
  { check, answer, reads }: Evaluated,
  about: {
    readonly asset: AssetDefinition;
    readonly versionId: string;
    readonly runId?: string;
    readonly at: number;
  },
): CheckEvaluation {
  const severity = answer.severity ?? check.severity;
  return {
    versionId: about.versionId,
    ...(about.runId === undefined ? {} : { runId: about.runId }),
    check: check.name,
    scope: effectiveScope(check, about.asset),
    passed: answer.passed,
    blocking: check.blocking && severity === "error",
    severity,
    description: answer.description,
    metadata: answer.metadata,
    reads,
    evaluatedAt: about.at,
  };
}

export function isRejection({ passed, blocking }: CheckEvaluation): boolean {
  return !passed && blocking;
}

/** Why a version was rejected. */
export function rejectionReason(evaluations: readonly CheckEvaluation[]): string {
  return evaluations
    .filter(isRejection)
    .map(({ check, description }) => `${check}: ${description ?? "failed"}`)
    .join("; ");
}
