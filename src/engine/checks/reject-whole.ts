import { MillraceError } from "../../core/errors.ts";
import type { RunChange } from "../../ports/state/run-store.ts";
import type { Rejection, StagedOutput } from "./check-whole-assets.ts";
import { rejectionReason } from "./evaluation-of.ts";
import type { Execution, StepOutcome } from "../execution.ts";
import { reportFailure } from "./run-checks.ts";
import { placedStepError } from "../steps/step-error.ts";
import { triedStep } from "../steps/tried-step.ts";

/** Neither what the asset's steps have made in this run is published, nor what was made from it. */
export async function rejectWhole(
  { asset, outputs, evaluations, below }: Rejection,
  outcomes: Map<string, StepOutcome>,
  execution: Execution,
): Promise<void> {
  const { options, writer } = execution;
  const reason = rejectionReason(evaluations);
  const last = outputs.findLast((output) => output.asset === asset)?.step.key ?? "";
  const changes = evaluations.map((evaluation): RunChange => ({
    change: "check.evaluated",
    step: last,
    asset: asset.key,
    evaluation,
  }));
  const rejected = (output: StagedOutput, why: string): RunChange => ({
    change: "version.rejected",
    step: output.step.key,
    asset: output.asset.key,
    versionId: output.version.id,
    reason: why,
  });
  for (const output of outputs) {
    const sibling = `it came out of the same step as ${asset.key}`;
    changes.push(rejected(output, output.asset === asset ? reason : sibling));
  }
  const failed = new Map(outputs.map(({ step }) => [step.key, step]));
  for (const [key, step] of failed) {
    const error = new MillraceError("CHECK_FAILED", { step: key, reason });
    changes.push({ change: "step.failed", step: key, reason: error.message, code: error.code });
    outcomes.set(key, { outcome: "failure", error: placedStepError(triedStep(step, execution), error) });
  }
  const skipped = new Map<string, string>();
  for (const { output, because } of below) {
    const why = `${because} did not succeed`;
    changes.push(rejected(output, why));
    skipped.set(output.step.key, why);
  }
  for (const [step, why] of skipped) {
    changes.push({ change: "step.skipped", step, reason: why, cause: "upstream" });
    outcomes.set(step, { outcome: "upstream failed" });
  }
  await writer.write(changes);
  for (const evaluation of evaluations) reportFailure(evaluation, last, options.report);
  for (const [key, step] of failed) {
    const error = new MillraceError("CHECK_FAILED", { step: key, reason });
    options.report({ progress: "step.failed", step: key, reason: error.message });
    execution.hooks.stepFailed(triedStep(step, execution), error);
  }
  for (const [step, why] of skipped) options.report({ progress: "step.skipped", step, reason: why });
}
