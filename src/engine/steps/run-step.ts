import type { RetryPolicy } from "../../core/asset/retry.ts";
import { MillraceError, type ErrorCode } from "../../core/errors.ts";
import { inputVersion } from "../../core/plan/input-version.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import { staleCauses } from "../../core/plan/stale-cause.ts";
import { heldBack } from "../../core/run/trigger-rule.ts";
import type { EndedStep, Execution, StepOutcome } from "../execution.ts";
import { runAttempt } from "./run-attempt.ts";
import { skipStep } from "./skip-step.ts";
import { observeInputs, recordInputs } from "./step-inputs.ts";
import { triedStep } from "./tried-step.ts";
import { tryStep, type WhatWasTried } from "./try-step.ts";
import { upstreamChanged, upstreamEnds } from "./upstream-ends.ts";

/** How a step ends without being made, because of what it reads; undefined where it is to be made. */
export async function beginStep(
  step: PlanStep,
  upstream: readonly EndedStep[],
  execution: Execution,
): Promise<StepOutcome | undefined> {
  const ends = upstreamEnds(step, upstream, execution);
  const reason = heldBack(step.computation.triggerRule, ends);
  if (reason !== undefined) {
    await skipStep(step.key, reason, "upstream", execution);
    return { outcome: ends.some(({ end }) => end === "failed") ? "upstream failed" : "skipped" };
  }
  const changed = upstreamChanged(step, upstream, execution);
  if (changed || !(await isUnchanged(step, execution))) return undefined;
  await skipStep(step.key, "unchanged", "unchanged", execution);
  return { outcome: "unchanged" };
}

/**
 * Makes a step: attempts, waits between them, checks. Resolves when its outcome is decided and handed to the writer;
 * whatever comes later in the run is committed after it, never before.
 *
 * @param content What the graph gave that makes it; absent where its own code does
 */
export async function makeStep(
  step: PlanStep,
  execution: Execution,
  content?: () => Promise<unknown>,
): Promise<StepOutcome> {
  return tryStep(
    triedStep(step, execution),
    {
      attempt: async (number, started) => runAttempt(step, number, started, execution, content),
      tried: async () => whatWasTried(step, execution),
      yieldTo:
        execution.claims === "fail" ? undefined : async (claimed) => yieldToClaim(step, claimed, execution),
      excused,
    },
    execution,
  );
}

/**
 * A source that moved while it was read is no mistake of the step's: it is tried again whatever the policy, and without
 * using up the policy's tries (N25).
 */
const excused: ReadonlyMap<ErrorCode, RetryPolicy> = new Map([
  ["EXTERNAL_MOVED", { max: 4, delayMs: 200, backoff: "exponential", jitter: "none" }],
]);

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
  const { slots, options, signal } = execution;
  await slots.without(() => options.clock.sleep(claimPollMs, signal).catch(() => undefined));
  return execution.signal.aborted ? { outcome: "failure", error: new MillraceError("CANCELED") } : undefined;
}

/** Nothing where its inputs cannot be told. */
async function whatWasTried(step: PlanStep, execution: Execution): Promise<WhatWasTried> {
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
