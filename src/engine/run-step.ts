import { retryDelay, type RetryPolicy } from "../core/asset/retry.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";
import { inputVersion } from "../core/plan/input-version.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import { interruptionLimit } from "../core/run/interruption-limit.ts";
import type { PlanStep } from "../core/plan/plan.ts";
import { staleCauses } from "../core/plan/stale-cause.ts";
import { heldBack } from "../core/run/trigger-rule.ts";
import type { EndedStep, Execution, StepOutcome } from "./execution.ts";
import { runAttempt } from "./run-attempt.ts";
import { placedStepError } from "./step-error.ts";
import { skipStep } from "./skip-step.ts";
import { observeInputs, recordInputs } from "./step-inputs.ts";
import { upstreamChanged, upstreamEnds } from "./upstream-ends.ts";

/** Errors that another try cannot mend: the same code on the same data gives the same result. */
const final: ReadonlySet<string> = new Set([
  "RESULT_MISMATCH",
  "VALUE_INVALID",
  "METADATA_INVALID",
  "OUTPUT_UNKNOWN",
  "OUTPUT_MISSING",
  "OUTPUTS_INVALID",
  "CHECKPOINT_REPEATED",
  "CHECKPOINT_NOT_SERIALIZABLE",
  "CHECKPOINT_TOO_LARGE",
  "SCHEMA_CHANGED",
  "APPEND_IMPOSSIBLE",
  "CHECK_FAILED",
  "SQL_UNKNOWN_TABLE",
  "SQL_NOT_A_SELECT",
  "SQL_READS_OUTSIDE",
  "RUN_LOST",
  "RUN_CLAIMED",
]);

/**
 * Runs a step to its end: attempts, waits between them, checks. Resolves when its outcome is decided and handed to the
 * writer; whatever comes later in the run is committed after it, never before.
 */
export async function runStep(
  step: PlanStep,
  upstream: readonly EndedStep[],
  execution: Execution,
): Promise<StepOutcome> {
  const { options, writer } = execution;
  const ends = upstreamEnds(step, upstream, execution);
  const reason = heldBack(step.computation.triggerRule, ends);
  if (reason !== undefined) {
    await skipStep(step.key, reason, "upstream", execution);
    return { outcome: ends.some(({ end }) => end === "failed") ? "upstream failed" : "skipped" };
  }
  const changed = upstreamChanged(step, upstream, execution);
  if (!changed && (await isUnchanged(step, execution))) {
    await skipStep(step.key, "unchanged", "unchanged", execution);
    return { outcome: "unchanged" };
  }
  const times = execution.interruptions.get(step.key) ?? 0;
  if (times >= interruptionLimit)
    return failStep(step, new MillraceError("STEP_INTERRUPTED", { step: step.key, times }), execution);
  const { retry } = step.computation;
  let moved = 0;
  for (let number = 1; ; number += 1) {
    const started = options.clock.now();
    options.crashPoints.reach("before-intent");
    try {
      return await runAttempt(step, number, started, execution);
    } catch (thrown) {
      const error = execution.signal.aborted ? new MillraceError("CANCELED") : thrown;
      const code = error instanceof MillraceError ? error.code : "STEP_FAILED";
      const canceled = execution.signal.aborted;
      if (code === "RUN_LOST") throw error;
      if (
        !canceled &&
        error instanceof MillraceError &&
        code === "RUN_CLAIMED" &&
        execution.claims !== "fail"
      ) {
        const claimed = await yieldToClaim(step, error, execution);
        if (claimed !== undefined) return claimed;
        // Nothing was begun, so it was no attempt.
        number -= 1;
        continue;
      }
      const policy = code === "EXTERNAL_MOVED" ? movedRetry : retry;
      if (code === "EXTERNAL_MOVED") moved += 1;
      const tries = code === "EXTERNAL_MOVED" ? moved : number - moved;
      if (!canceled && tries <= policy.max && !final.has(code)) {
        const delayMs = retryDelay(policy, tries, Math.random);
        const reason = reasonOf(error);
        await writer.write([{ change: "step.retrying", step: step.key, reason, delayMs }]);
        options.report({ progress: "step.retrying", step: step.key, reason, delayMs });
        await options.clock.sleep(delayMs, execution.signal).catch(() => undefined);
        if (!execution.signal.aborted) continue;
      }
      // A canceled step is left as it is: the run goes on from here when it is started again.
      if (canceled) return { outcome: "failure", error };
      return failStep(step, error, execution);
    }
  }
}

/**
 * A source that moved while it was read is no mistake of the step's: it is tried again whatever the policy, and without
 * using up the policy's tries (N25).
 */
const movedRetry: RetryPolicy = { max: 4, delayMs: 200, backoff: "exponential", jitter: "none" };

/** For good: nobody tries it again in this run. */
async function failStep(step: PlanStep, error: unknown, execution: Execution): Promise<StepOutcome> {
  const { options, writer } = execution;
  const code = error instanceof MillraceError ? error.code : "STEP_FAILED";
  const reason = reasonOf(error);
  const tried = await whatWasTried(step, execution);
  await writer.write([{ change: "step.failed", step: step.key, reason, code, ...tried }]);
  options.report({ progress: "step.failed", step: step.key, reason });
  return { outcome: "failure", error: placedStepError(step, error) };
}

/** How often a waiting step asks again. */
const claimPollMs = 250;

/** Another run writes the same place (N15). Gives what becomes of the step; undefined: it tries again. */
async function yieldToClaim(
  step: PlanStep,
  claimed: MillraceError,
  execution: Execution,
): Promise<StepOutcome | undefined> {
  if (execution.claims === "skip") {
    await skipStep(step.key, claimed.message, "upstream", execution);
    return { outcome: "upstream failed" };
  }
  await execution.options.clock.sleep(claimPollMs, execution.signal).catch(() => undefined);
  return execution.signal.aborted ? { outcome: "failure", error: new MillraceError("CANCELED") } : undefined;
}

/** With what a step has failed, so that the same need not be tried again (N23). Nothing where its inputs cannot be told. */
async function whatWasTried(
  step: PlanStep,
  execution: Execution,
): Promise<{ readonly codeVersion?: string; readonly inputVersion?: string }> {
  try {
    const inputs = recordInputs(step, await observeInputs(step, execution), execution);
    return {
      codeVersion: step.outputs.map(({ asset }) => execution.options.codeVersionOf(asset)).join(" "),
      inputVersion: inputVersion(inputs),
    };
  } catch {
    return {};
  }
}

/** Early cutoff (N22): what might have had to run need not, since all it reads came out as it was. */
async function isUnchanged(step: PlanStep, execution: Execution): Promise<boolean> {
  if (step.certainty === "runs") return false;
  const { options, view } = execution;
  const inputs = recordInputs(step, await observeInputs(step, execution), execution);
  return step.outputs.every(({ asset, asked }) => {
    if (!asked) return true;
    const current = view.exactly(knownAsset(options.known, asset), step.range)?.version;
    return staleCauses(current, options.codeVersionOf(asset), inputs).length === 0;
  });
}
