import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import type { EventSubject, NewEvent } from "../../core/run/event.ts";

/** Tells of a check that was asked: in a run, of one of its steps. */
export function evaluatedEvent(evaluation: CheckEvaluation, of: Omit<EventSubject, "runId">): NewEvent {
  const { runId, check, passed, blocking, severity, versionId, description } = evaluation;
  return {
    type: "check.evaluated",
    ...(runId === undefined ? {} : { runId }),
    ...of,
    data: {
      check,
      passed,
      blocking,
      severity,
      versionId,
      ...(description === undefined ? {} : { description }),
    },
  };
}
