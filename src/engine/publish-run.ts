import { MillraceError } from "../core/errors.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import type { Plan } from "../core/plan/plan.ts";
import { withheldSteps } from "../core/plan/withheld-steps.ts";
import type { PublishRequest, PublishResult, RunChange, RunLease } from "../ports/state/run-store.ts";
import type { RunRequest } from "../ports/run-launcher.ts";
import { checkWholeAssets, type Rejection, type StagedOutput } from "./check-whole-assets.ts";
import { rejectionReason } from "./evaluation-of.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { Execution, StepOutcome } from "./execution.ts";
import { reportFailure } from "./run-checks.ts";
import { placedStepError } from "./step-error.ts";

export interface Published {
  /** As they are after the checks of whole assets. */
  readonly outcomes: ReadonlyMap<string, StepOutcome>;
  /** Undefined when there was nothing to publish. */
  readonly result: PublishResult | undefined;
}

/**
 * Publishes what the steps have made, after the checks of whole assets (N19). No lock is held while these are asked:
 * the publish takes place only if the assets become what they have seen, and otherwise they are asked again. Each round
 * that comes to nothing is one in which another run has published, so somebody always gets on.
 */
export async function publishRun(
  { plan, force = false }: Pick<RunRequest, "plan" | "force">,
  made: ReadonlyMap<string, StepOutcome>,
  execution: Execution,
): Promise<Published> {
  const { options, lease } = execution;
  const outcomes = new Map(made);
  let leftOut: ReadonlySet<string> = new Set();
  const hasFailed = [...made.values()].some(({ outcome }) => outcome === "failure");
  const withheld = hasFailed ? withheldSteps(plan, execution.view, options.known) : new Set<string>();
  for (;;) {
    const going = stagedOutputs(plan, outcomes, execution).filter(
      ({ step, version }) => !withheld.has(step.key) && !leftOut.has(version.id),
    );
    const { rejections, checked, snapshot } = await checkWholeAssets(plan, going, execution);
    for (const rejection of rejections) await reject(rejection, outcomes, execution);
    const versionIds = [...outcomes].flatMap(([step, outcome]) =>
      outcome.outcome === "success" && !withheld.has(step) ? outcome.versionIds : [],
    );
    const { retired: retire } = plan;
    if (versionIds.length === 0 && retire.length === 0) return { outcomes, result: undefined };
    if (execution.signal.aborted) throw new MillraceError("CANCELED");
    options.crashPoints.reach("before-publish");
    const request = { versionIds, retire, force, ...(checked === undefined ? {} : { checked }) };
    const result = await publish(options, lease, request);
    if (result.overtaken === undefined) {
      for (const { step, evaluation } of checked?.evaluations ?? []) {
        if (step !== undefined) reportFailure(evaluation, step, options.report);
      }
      return { outcomes, result };
    }
    // What a rollback holds and what comes too late will not be part of the asset, so it must not be checked as if.
    const next = new Set([...result.superseded, ...result.held]);
    if (
      result.snapshot === snapshot &&
      next.size === leftOut.size &&
      [...next].every((id) => leftOut.has(id))
    ) {
      const reason = "the catalog and the checks disagree on what is to be published";
      throw new MillraceError("INTERNAL", { reason });
    }
    leftOut = next;
  }
}

const refusals: ReadonlySet<string> = new Set(["SCHEMA_MIXED", "CONTRACT_BROKEN"]);

/** A publish that is refused ends the run: what it made stays staged, and the same run goes on once it is allowed. */
async function publish(
  { state, scope }: EngineOptions,
  lease: RunLease,
  request: PublishRequest,
): Promise<PublishResult> {
  try {
    return await state.runs.publish(scope, lease, request);
  } catch (error) {
    if (error instanceof MillraceError && refusals.has(error.code))
      await state.runs.end(scope, lease, "failure", error.message);
    throw error;
  }
}

/** The versions that this run has made and that passed so far, in the order of the plan. */
function stagedOutputs(
  plan: Plan,
  outcomes: ReadonlyMap<string, StepOutcome>,
  { view, options }: Execution,
): readonly StagedOutput[] {
  return plan.steps.flatMap((step) => {
    const outcome = outcomes.get(step.key);
    if (outcome?.outcome !== "success") return [];
    const ids = new Set(outcome.versionIds);
    return step.outputs.flatMap(({ asset }): StagedOutput[] => {
      const version = view.exactly(knownAsset(options.known, asset), step.range)?.version;
      // An earlier process of this run may have published it already.
      const staged = version?.state === "staged" && ids.has(version.id);
      return staged ? [{ step, asset, version }] : [];
    });
  });
}

/** Neither what the asset's steps have made in this run is published, nor what was made from it. */
async function reject(
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
    outcomes.set(key, { outcome: "failure", error: placedStepError(step, error) });
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
  for (const [step] of failed) {
    const error = new MillraceError("CHECK_FAILED", { step, reason });
    options.report({ progress: "step.failed", step, reason: error.message });
  }
  for (const [step, why] of skipped) options.report({ progress: "step.skipped", step, reason: why });
}
