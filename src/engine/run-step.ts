import { retryDelay } from "../core/asset/retry.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import type { PlanStep } from "../core/plan/plan.ts";
import { staleCauses } from "../core/plan/stale-cause.ts";
import type { Execution, StepOutcome } from "./execution.ts";
import { runAttempt } from "./run-attempt.ts";
import { placedStepError } from "./step-error.ts";
import { observeInputs, recordInputs } from "./step-inputs.ts";

/** Errors that another try cannot mend: the same code on the same data gives the same result. */
const final: ReadonlySet<string> = new Set([
  "RESULT_MISMATCH",
  "VALUE_INVALID",
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
  upstreamChanged: boolean,
  execution: Execution,
): Promise<StepOutcome> {
  const { options, writer } = execution;
  const unchanged = await skipUnchanged(step, upstreamChanged, execution);
  if (unchanged !== undefined) return unchanged;
  const { retry } = step.asset;
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
      if (!canceled && number <= retry.max && !final.has(code)) {
        const delayMs = retryDelay(retry, number, Math.random);
        const reason = reasonOf(error);
        await writer.write([{ change: "step.retrying", step: step.key, reason, delayMs }]);
        options.report({ progress: "step.retrying", step: step.key, reason, delayMs });
        await options.clock.sleep(delayMs, execution.signal).catch(() => undefined);
        if (!execution.signal.aborted) continue;
      }
      // A canceled step is left as it is: the run goes on from here when it is started again.
      if (canceled) return { outcome: "failure", error };
      const reason = reasonOf(error);
      await writer.write([{ change: "step.failed", step: step.key, reason, code }]);
      options.report({ progress: "step.failed", step: step.key, reason });
      return { outcome: "failure", error: placedStepError(step, error) };
    }
  }
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
    await skipStep(step.key, claimed.message, execution);
    return { outcome: "upstream failed" };
  }
  await execution.options.clock.sleep(claimPollMs, execution.signal).catch(() => undefined);
  return execution.signal.aborted ? { outcome: "failure", error: new MillraceError("CANCELED") } : undefined;
}

/** Early cutoff (N22): what might have had to run need not, since all it reads came out as it was. */
async function skipUnchanged(
  step: PlanStep,
  upstreamChanged: boolean,
  execution: Execution,
): Promise<StepOutcome | undefined> {
  if (step.certainty === "runs" || upstreamChanged) return undefined;
  const { options, view } = execution;
  const inputs = recordInputs(step, await observeInputs(step, execution), execution);
  const current = view.exactly(knownAsset(options.known, step.asset), step.range)?.version;
  if (staleCauses(current, options.codeVersionOf(step.asset), inputs).length > 0) return undefined;
  await skipStep(step.key, "unchanged", execution);
  return { outcome: "skipped", changed: false };
}

/** Neither made nor failed: nothing to do, or something that it reads has failed. */
export async function skipStep(step: string, reason: string, execution: Execution): Promise<void> {
  await execution.writer.write([{ change: "step.skipped", step, reason }]);
  execution.options.report({ progress: "step.skipped", step, reason });
}
