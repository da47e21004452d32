import type { StepOutputRecord, StepRecord, StepStatus } from "../../core/run/run.ts";
import type { ControlContext } from "../control-context.ts";
import { findRun } from "./find-run.ts";
import { toldEvent, type ToldEvent } from "../follow-events.ts";
import { isoTime } from "../iso-time.ts";
import { toldValues, type ToldValue } from "./step-values.ts";
import { summarizeRun, type RunSummary } from "./run-summary.ts";

/** A run in full. */
export interface RunDetails extends RunSummary {
  /** Snapshots that it has made and that are kept, in order: one, or one for each step that was published by itself. */
  readonly published: readonly number[];
  readonly steps: readonly StepDetails[];
  /** In order; the first ones, when there are more than were asked for. */
  readonly events: readonly ToldEvent[];
  readonly moreEvents: boolean;
}

export interface StepDetails {
  readonly key: string;
  /** What it makes. */
  readonly outputs: readonly StepOutputRecord[];
  readonly partition: string | undefined;
  readonly status: StepStatus;
  readonly attempts: number;
  /** It waits until then for its next try. */
  readonly retryAt: string | undefined;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  readonly milliseconds: number | undefined;
  /** What it gave, where it is an op that has succeeded; of thousands only of the first. */
  readonly gave: ToldValue | undefined;
  /** Why it failed or was skipped. */
  readonly reason: string | undefined;
}

/**
 * @param id A run's id, or the beginning of one that no other run shares
 * @throws RUN_NOT_FOUND, RUN_AMBIGUOUS
 */
export async function showRun(
  id: string,
  context: ControlContext,
  options: { readonly eventLimit?: number } = {},
): Promise<RunDetails> {
  const { state, scope } = context;
  const { eventLimit = 1_000 } = options;
  const run = await findRun(id, context);
  const steps = await state.runs.steps(run.id);
  const gave = await toldValues(run.id, steps, context);
  const published = await state.runs.snapshots(scope, run.id);
  const events = await state.events.read(scope, { runId: run.id, limit: eventLimit + 1 });
  return {
    ...summarizeRun(run, context),
    published,
    steps: steps.map((step) => ({
      ...stepDetails(step, run.endedAt, context.clock.now()),
      gave: gave.get(step.key),
    })),
    events: events.slice(0, eventLimit).map(toldEvent),
    moreEvents: events.length > eventLimit,
  };
}

function stepDetails(
  step: StepRecord,
  runEndedAt: number | undefined,
  now: number,
): Omit<StepDetails, "gave"> {
  const { startedAt, endedAt, retryAt } = step;
  // A step that was still at work when its run ended has ended with it.
  const until = runEndedAt ?? now;
  return {
    key: step.key,
    outputs: step.outputs,
    partition: step.outputs.length === 0 ? undefined : /\[(.*)\]$/.exec(step.key)?.[1],
    status: step.status,
    attempts: step.attempts,
    retryAt: retryAt === undefined || runEndedAt !== undefined ? undefined : isoTime(retryAt),
    startedAt: startedAt === undefined ? undefined : isoTime(startedAt),
    endedAt: endedAt === undefined ? undefined : isoTime(endedAt),
    milliseconds:
      startedAt === undefined || step.status === "pending" ? undefined : (endedAt ?? until) - startedAt,
    reason: step.reason,
  };
}
