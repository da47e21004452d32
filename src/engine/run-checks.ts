import type { VersionRecord } from "../core/catalog/version.ts";
import type { CheckDefinition } from "../core/check/check-definition.ts";
import type { CheckEvaluation } from "../core/check/evaluation.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";
import type { AuditAnswer } from "../ports/table-engine.ts";
import type { RunChange } from "../ports/state/run-store.ts";
import type { Attempt } from "./execution.ts";
import { stepContext } from "./step-context.ts";
import { readableInputs } from "./step-inputs.ts";

/** The evaluations of a staged version's checks, and the error if a blocking one failed. All run, whatever fails. */
export async function runChecks(
  attempt: Attempt,
  version: VersionRecord,
  checks: readonly CheckDefinition[],
  answers: ReadonlyMap<string, AuditAnswer>,
): Promise<{ changes: readonly RunChange[]; failure: MillraceError | undefined }> {
  const { step, execution } = attempt;
  const { options } = execution;
  const changes: RunChange[] = [];
  const failures: CheckEvaluation[] = [];
  for (const check of checks) {
    const answer = answers.get(check.name) ?? (await runCheck(attempt, version, check));
    const evaluation: CheckEvaluation = {
      versionId: version.id,
      runId: execution.runId,
      check: check.name,
      passed: answer.passed,
      blocking: check.blocking,
      severity: check.severity,
      description: answer.description,
      metadata: answer.metadata,
      evaluatedAt: options.clock.now(),
    };
    changes.push({ change: "check.evaluated", step: step.key, evaluation });
    if (evaluation.passed) continue;
    if (check.blocking) failures.push(evaluation);
    const { name, blocking } = check;
    const { description } = answer;
    options.report({ progress: "check.failed", step: step.key, check: name, blocking, description });
  }
  if (failures.length === 0) return { changes, failure: undefined };
  const reason = failures.map((failed) => `${failed.check}: ${failed.description}`).join("; ");
  return { changes, failure: new MillraceError("CHECK_FAILED", { step: step.key, reason }) };
}

/** A check in TypeScript. One that throws has failed, and says so. */
async function runCheck(
  attempt: Attempt,
  version: VersionRecord,
  check: CheckDefinition,
): Promise<AuditAnswer> {
  const { step, execution, signal } = attempt;
  const { rule } = check;
  if (rule.rule !== "run")
    throw new MillraceError("INTERNAL", { reason: `the check ${check.name} was not answered` });
  const inputs = readableInputs(
    { ...step.asset, dependencies: rule.dependencies },
    step,
    attempt.observed,
    execution,
  );
  const partition = step.partition === undefined ? {} : { partition: step.partition };
  const self = {
    name: "asset",
    asset: step.asset,
    parts: [{ range: step.range, version, ...partition }],
    many: false,
  };
  const { handles } = execution.options.reader.read([...inputs, self], { signal });
  try {
    return answerOf(await rule.run(handles, stepContext(attempt).context), check.name);
  } catch (error) {
    return { passed: false, description: `the check threw: ${reasonOf(error)}`, metadata: {} };
  }
}

function answerOf(result: unknown, name: string): AuditAnswer {
  if (typeof result === "boolean")
    return { passed: result, description: result ? "passed" : "failed", metadata: {} };
  if (
    typeof result === "object" &&
    result !== null &&
    "passed" in result &&
    typeof result.passed === "boolean"
  ) {
    const { passed } = result;
    const said =
      "description" in result && typeof result.description === "string" ? result.description : undefined;
    const metadata =
      "metadata" in result && typeof result.metadata === "object" ? result.metadata : undefined;
    return {
      passed,
      description: said ?? (passed ? "passed" : "failed"),
      metadata: { ...metadata },
    };
  }
  return {
    passed: false,
    description: `${name} must give true, false or { passed }, but gave ${typeof result}`,
    metadata: {},
  };
}
