import type { Redactor } from "../core/config/redactor.ts";
import type { MillraceError } from "../core/errors.ts";
import type { FailedStep, Failure, RunOutcome } from "../core/run/run-progress.ts";
import type { Execution, StepOutcome } from "./execution.ts";
import type { PublishSummary } from "./publish/publish-log.ts";
import type { RunTasks } from "./run-tasks.ts";
import { stepError } from "./steps/step-error.ts";

/** A run whose steps have ended, and whose versions are published. */
export interface EndedRun {
  readonly outcomes: ReadonlyMap<string, StepOutcome>;
  readonly canceled: boolean;
  /** Its steps were stopped because its time was over. */
  readonly timedOut: MillraceError | undefined;
}

/** Ends the run, and says how it went. */
export async function finishRun(
  { lease, options, redactor }: Execution,
  { outcomes, canceled, timedOut, tasks }: EndedRun & { readonly tasks: RunTasks | undefined },
  published: PublishSummary,
): Promise<RunOutcome> {
  const { runs } = options.state;
  const values = [...outcomes].flatMap(([key, outcome]) => (tasks?.isStep(key) === false ? [] : [outcome]));
  const failed = [...outcomes].flatMap(([step, outcome]) =>
    outcome.outcome === "failure" ? [failedStep(step, outcome.error, redactor)] : [],
  );
  const counts = {
    runId: lease.runId,
    succeeded: values.filter((outcome) => outcome.outcome === "success").length,
    skipped: values.filter(
      ({ outcome }) => outcome === "skipped" || outcome === "unchanged" || outcome === "upstream failed",
    ).length,
    failed,
    ...published,
  };
  if (canceled) {
    await runs.end(options.scope, lease, "canceled", "canceled by the user");
    return { ...counts, status: "canceled" };
  }
  const status = failed.length === 0 && timedOut === undefined ? "success" : "failure";
  const reasons = new Set([
    ...(timedOut === undefined ? [] : [timedOut.message]),
    ...failed.map(({ reason }) => reason),
  ]);
  const error = firstOf([...reasons]);
  const gave = status === "success" && tasks?.gives === true ? { output: await tasks.output(outcomes) } : {};
  await runs.end(options.scope, lease, status, ...(error === "" ? [] : [error]));
  options.crashPoints.reach("after-end");
  return {
    ...counts,
    status,
    ...(timedOut === undefined ? {} : { error: failure(timedOut) }),
    ...gave,
  };
}

/** As many reasons as somebody reads: a list may have had thousands of items. */
const mostReasons = 20;

function firstOf(reasons: readonly string[]): string {
  const more = reasons.length - mostReasons;
  return [...reasons.slice(0, mostReasons), ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}

function failedStep(step: string, thrown: unknown, redactor: Redactor): FailedStep {
  const { reason, code, fix } = failure(stepError(step, thrown));
  return { step, reason: redactor.text(reason), code, fix: redactor.text(fix) };
}

function failure({ message, code, fix }: MillraceError): Failure {
  return { reason: message, code, fix };
}
