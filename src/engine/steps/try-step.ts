import type { RetryPolicy } from "../../core/asset/retry.ts";
import { MillraceError, reasonOf, type ErrorCode } from "../../core/errors.ts";
import { interruptionLimit } from "../../core/run/interruption-limit.ts";
import { waitBeforeNextTry } from "../../core/run/next-try.ts";
import { retryRequest } from "../../core/run/retry-request.ts";
import type { Execution, StepOutcome } from "../execution.ts";
import { placedStepError } from "./step-error.ts";
import type { TriedStep } from "./tried-step.ts";

/** Errors that another try cannot mend: the same code on the same data gives the same result. */
const final: ReadonlySet<string> = new Set<ErrorCode>([
  "RESULT_MISMATCH",
  "VALUE_INVALID",
  "SECRET_IN_VALUE",
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
  // It was tried as often as its own policy says.
  "RESOURCE_FAILED",
  "CONFIG_INVALID",
  "RUN_LOST",
  "RUN_CLAIMED",
]);

/** What distinguishes the attempts of one kind of step from those of another. */
export interface Tries {
  /**
   * One try, from its intent to its commit.
   *
   * @param number 1 for the first
   * @param started Milliseconds since the epoch
   */
  readonly attempt: (number: number, started: number) => Promise<StepOutcome>;
  /** With what it has failed, so that the same need not be tried again (N23). */
  readonly tried: () => Promise<WhatWasTried>;
  /**
   * Another run has what the step needs, so nothing was begun, and that was no attempt. Gives what becomes of the step;
   * undefined: it tries again. Absent: then it has failed.
   */
  readonly yieldTo?: ((claimed: MillraceError) => Promise<StepOutcome | undefined>) | undefined;
  /** Errors that are no mistake of the step's: tried again by a policy of their own, and counted apart. */
  readonly excused?: ReadonlyMap<ErrorCode, RetryPolicy>;
}

export interface WhatWasTried {
  readonly codeVersion?: string;
  readonly inputVersion?: string;
}

/** Tries a step until it has ended: attempts, and the waits between them. One loop for steps of every kind (N37). */
export async function tryStep(step: TriedStep, tries: Tries, execution: Execution): Promise<StepOutcome> {
  const { options, writer, signal } = execution;
  const before = execution.history.of(step.key);
  if (before.interruptions >= interruptionLimit) {
    const details = { step: step.key, times: before.interruptions };
    return failStep(step, new MillraceError("STEP_INTERRUPTED", details), before.attempts, tries, execution);
  }
  if (before.waitMs > 0) {
    const reason = "it failed before the run was interrupted";
    options.report({ progress: "step.retrying", step: step.key, reason, delayMs: before.waitMs });
    await wait(before.waitMs, execution);
    if (signal.aborted) return stopped(step, before.attempts, tries, execution);
  }
  let { failures } = before;
  const excuses = new Map<ErrorCode, number>();
  for (let number = before.attempts + 1; ; number += 1) {
    const started = options.clock.now();
    options.crashPoints.reach("before-intent");
    try {
      const outcome = await tries.attempt(number, started);
      if (outcome.outcome === "success") execution.hooks.stepSucceeded(step, number);
      return outcome;
    } catch (error) {
      const code = error instanceof MillraceError ? error.code : "STEP_FAILED";
      if (signal.aborted) return stopped(step, number, tries, execution);
      if (code === "RUN_LOST") throw error;
      if (error instanceof MillraceError && code === "RUN_CLAIMED" && tries.yieldTo !== undefined) {
        const claimed = await tries.yieldTo(error);
        if (claimed !== undefined) return claimed;
        number -= 1;
        continue;
      }
      const excused = tries.excused?.get(code);
      const failed = excused === undefined ? (failures += 1) : (excuses.get(code) ?? 0) + 1;
      if (excused !== undefined) excuses.set(code, failed);
      const delayMs = final.has(code)
        ? undefined
        : waitBeforeNextTry(excused ?? step.policy.retry, failed, retryRequest(error), Math.random);
      if (delayMs === undefined) return failStep(step, error, number, tries, execution);
      const retrying = { step: step.key, reason: reasonOf(error), delayMs };
      const change = { change: "step.retrying", ...retrying } as const;
      await writer.write([excused === undefined ? change : { ...change, excused: true }]);
      options.report({ progress: "step.retrying", ...retrying });
      await wait(delayMs, execution);
      if (signal.aborted) return stopped(step, number, tries, execution);
    }
  }
}

/** Others have its slot meanwhile: many that wait keep none from working. */
async function wait(milliseconds: number, { slots, options, signal }: Execution): Promise<void> {
  await slots.without(() => options.clock.sleep(milliseconds, signal).catch(() => undefined));
}

/**
 * Its run was stopped under it. One whose time is over fails with what it is at; a canceled one leaves it as it is, and
 * goes on from here when it is started again.
 */
async function stopped(
  step: TriedStep,
  number: number,
  tries: Tries,
  execution: Execution,
): Promise<StepOutcome> {
  const reason: unknown = execution.signal.reason;
  // Nothing is known of whether the same would fail again.
  if (reason instanceof MillraceError && reason.code === "RUN_TIMED_OUT")
    return failStep(step, reason, number, { ...tries, tried: async () => ({}) }, execution);
  return { outcome: "failure", error: new MillraceError("CANCELED") };
}

/** For good: nobody tries it again in this run. */
async function failStep(
  step: TriedStep,
  error: unknown,
  number: number,
  { tried }: Tries,
  execution: Execution,
): Promise<StepOutcome> {
  const { options, writer } = execution;
  const code = error instanceof MillraceError ? error.code : "STEP_FAILED";
  const reason = reasonOf(error);
  await writer.write([{ change: "step.failed", step: step.key, reason, code, ...(await tried()) }]);
  options.report({ progress: "step.failed", step: step.key, reason });
  execution.hooks.stepFailed(step, error, number);
  return { outcome: "failure", error: placedStepError(step, error) };
}
