import type { CheckEvaluation } from "./evaluation.ts";

/**
 * The last word of each check: for each version, or, of a check of the whole asset, for all of them together.
 *
 * @param evaluations of versions of one asset, in the order in which they were made
 */
export function latestEvaluations(evaluations: readonly CheckEvaluation[]): readonly CheckEvaluation[] {
  const latest = new Map<string, CheckEvaluation>();
  for (const evaluation of evaluations) {
    const { scope, versionId, check } = evaluation;
    latest.set(JSON.stringify([check, scope === "asset" ? "" : versionId]), evaluation);
  }
  return [...latest.values()];
}
