import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { VersionRecord } from "../../core/catalog/version.ts";
import type { CheckAnswer } from "../../core/check/check-answer.ts";
import type { CheckDefinition } from "../../core/check/check-definition.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { RunChange } from "../../ports/state/run-store.ts";
import type { CheckSubject } from "./check-subject.ts";
import { evaluateChecks } from "./evaluate-checks.ts";
import { evaluationOf, isRejection, rejectionReason } from "./evaluation-of.ts";
import type { Attempt } from "../execution.ts";
import { partitionOf } from "../steps/step-context.ts";
import { stepLog } from "../steps/step-log.ts";
import { factsOf, readOf } from "./version-facts.ts";

/** A version that an attempt has made, and what is asked of it. */
export interface CheckedOutput {
  readonly asset: AssetDefinition;
  readonly version: VersionRecord;
  readonly checks: readonly CheckDefinition[];
  /** Those that the engine has answered already, by name. */
  readonly answers: ReadonlyMap<string, CheckAnswer>;
}

export interface CheckedStep {
  readonly changes: readonly RunChange[];
  /** Present when a blocking check failed. */
  readonly failure?: { readonly error: MillraceError; readonly rejected: ReadonlySet<AssetDefinition> };
}

/** The evaluations of a step's staged versions, and the error if a blocking check failed. All run, whatever fails. */
export async function runChecks(attempt: Attempt, outputs: readonly CheckedOutput[]): Promise<CheckedStep> {
  const { step, execution } = attempt;
  const { options, runId } = execution;
  const changes: RunChange[] = [];
  const rejected = new Set<AssetDefinition>();
  const reasons: string[] = [];
  const siblings = outputs.map(({ version }) => version);
  for (const output of outputs) {
    const { asset, version, checks, answers } = output;
    const evaluated = await evaluateChecks(subjectOf(attempt, output, siblings), checks, answers, options);
    const about = { asset, versionId: version.id, runId, at: options.clock.now() };
    const evaluations = evaluated.map((one) => evaluationOf(one, about));
    for (const evaluation of evaluations) {
      changes.push({ change: "check.evaluated", step: step.key, asset: asset.key, evaluation });
      reportFailure(evaluation, step.key, options.report);
    }
    if (!evaluations.some(isRejection)) continue;
    rejected.add(asset);
    const of = step.computation.outputs.length === 1 ? "" : `${asset.key}: `;
    reasons.push(`${of}${rejectionReason(evaluations)}`);
  }
  if (rejected.size === 0) return { changes };
  const error = new MillraceError("CHECK_FAILED", { step: step.key, reason: reasons.join("; ") });
  return { changes, failure: { error, rejected } };
}

export function reportFailure(
  { check, passed, blocking, description = "failed" }: CheckEvaluation,
  step: string,
  report: Attempt["execution"]["options"]["report"],
): void {
  if (!passed) report({ progress: "check.failed", step, check, blocking, description });
}

/** A check sees all that its step has made. */
function subjectOf(
  attempt: Attempt,
  { asset, version }: CheckedOutput,
  siblings: readonly VersionRecord[],
): CheckSubject {
  const { step, execution, signal } = attempt;
  const { options } = execution;
  const { range } = step;
  const before = execution.view.exactly(knownAsset(options.known, asset), range)?.version;
  const view = siblings.length === 1 ? execution.view : execution.view.overlaid(siblings);
  const partition = step.partition === undefined ? {} : { partition: step.partition };
  return {
    asset,
    range,
    partitions: step.computation.partitions,
    parts: [{ range, version, ...partition }],
    many: false,
    view,
    facts: factsOf([version]),
    before: before && factsOf([before]),
    ownReads: [],
    beforeReads: before === undefined ? [] : [readOf(asset, [{ range, version: before }], view.snapshot)],
    signal,
    canBeMadeAgain: true,
    limit: (limitMs) => execution.watch.limit(step.key, limitMs),
    circumstances: {
      log: stepLog(step, execution),
      attempt: attempt.number,
      runId: execution.runId,
      snapshot: view.snapshot,
      partition: partitionOf(step, execution),
      resources: execution.resources,
    },
  };
}
