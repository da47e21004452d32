import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { VersionRecord } from "../core/catalog/version.ts";
import type { CheckDefinition } from "../core/check/check-definition.ts";
import type { CheckEvaluation } from "../core/check/evaluation.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";
import type { AuditAnswer } from "../ports/table-engine.ts";
import type { RunChange } from "../ports/state/run-store.ts";
import type { Attempt } from "./execution.ts";
import { stepContext } from "./step-context.ts";
import { readableInputs } from "./step-inputs.ts";

/** A version that an attempt has made, and what is asked of it. */
export interface CheckedOutput {
  readonly asset: AssetDefinition;
  readonly version: VersionRecord;
  readonly checks: readonly CheckDefinition[];
  /** Those that the engine has answered already, by name. */
  readonly answers: ReadonlyMap<string, AuditAnswer>;
}

export interface CheckedStep {
  readonly changes: readonly RunChange[];
  /** Present when a blocking check failed. */
  readonly failure?: { readonly error: MillraceError; readonly rejected: ReadonlySet<AssetDefinition> };
}

/** The evaluations of a step's staged versions, and the error if a blocking check failed. All run, whatever fails. */
export async function runChecks(attempt: Attempt, outputs: readonly CheckedOutput[]): Promise<CheckedStep> {
  const { step, execution } = attempt;
  const { options } = execution;
  const changes: RunChange[] = [];
  const rejected = new Set<AssetDefinition>();
  const reasons: string[] = [];
  const siblings = outputs.map(({ version }) => version);
  for (const output of outputs) {
    const { asset, version, checks, answers } = output;
    for (const check of checks) {
      const answer = answers.get(check.name) ?? (await runCheck(attempt, output, siblings, check));
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
      changes.push({ change: "check.evaluated", step: step.key, asset: asset.key, evaluation });
      if (evaluation.passed) continue;
      const { name, blocking } = check;
      const { description } = answer;
      options.report({ progress: "check.failed", step: step.key, check: name, blocking, description });
      if (!blocking) continue;
      rejected.add(asset);
      const of = step.computation.outputs.length === 1 ? "" : `${asset.key}: `;
      reasons.push(`${of}${name}: ${description}`);
    }
  }
  if (rejected.size === 0) return { changes };
  const error = new MillraceError("CHECK_FAILED", { step: step.key, reason: reasons.join("; ") });
  return { changes, failure: { error, rejected } };
}

/** A check in TypeScript, which sees all that its step has made. One that throws has failed, and says so. */
async function runCheck(
  attempt: Attempt,
  { asset, version }: CheckedOutput,
  siblings: readonly VersionRecord[],
  check: CheckDefinition,
): Promise<AuditAnswer> {
  const { step, signal } = attempt;
  const { rule } = check;
  if (rule.rule !== "run")
    throw new MillraceError("INTERNAL", { reason: `the check ${check.name} was not answered` });
  const execution =
    siblings.length === 1
      ? attempt.execution
      : { ...attempt.execution, view: attempt.execution.view.overlaid(siblings) };
  const inputs = readableInputs(
    { ...step.computation, dependencies: rule.dependencies },
    step,
    attempt.observed,
    execution,
  );
  const partition = step.partition === undefined ? {} : { partition: step.partition };
  const self = {
    name: "asset",
    asset,
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
