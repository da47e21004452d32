import type { CheckEvaluation } from "../core/check/evaluation.ts";
import type { Redactor } from "../core/config/redactor.ts";
import type { RunProgress } from "../core/run/run-progress.ts";
import type { RunChange } from "../ports/state/run-store.ts";

/**
 * A change as it may be written: what code has said, in texts and metadata, without secrets. Ids, keys and numbers of
 * ours are left as they are, since digits of a secret may stand in them by chance.
 */
export function redactChange(change: RunChange, redactor: Redactor): RunChange {
  if (redactor.isIdle) return change;
  switch (change.change) {
    case "log":
      return { ...change, ...redactedLine(change, redactor) };
    case "version.staged": {
      const { version } = change;
      return { ...change, version: { ...version, metadata: redactor.data(version.metadata) } };
    }
    case "check.evaluated":
      return { ...change, evaluation: redactedEvaluation(change.evaluation, redactor) };
    case "version.rejected":
    case "step.retrying":
    case "step.skipped":
    case "step.failed":
    case "hook.failed":
      return { ...change, reason: redactor.text(change.reason) };
    // Refused before, where code could have put a secret in.
    case "checkpoint.reached":
    case "step.started":
    case "step.succeeded":
    case "steps.added":
    case "version.intended":
    case "asset.observed":
      return change;
    default:
      return change satisfies never;
  }
}

/** The same of what is told while a run is at work. */
export function redactProgress(progress: RunProgress, redactor: Redactor): RunProgress {
  if (redactor.isIdle) return progress;
  switch (progress.progress) {
    case "log":
      return { ...progress, ...redactedLine(progress, redactor) };
    case "step.skipped":
    case "step.failed":
    case "step.retrying":
    case "hook.failed":
      return { ...progress, reason: redactor.text(progress.reason) };
    case "check.failed":
      return { ...progress, description: redactor.text(progress.description) };
    default:
      return progress;
  }
}

function redactedEvaluation(evaluation: CheckEvaluation, redactor: Redactor): CheckEvaluation {
  const { description, metadata } = evaluation;
  return {
    ...evaluation,
    ...(description === undefined ? {} : { description: redactor.text(description) }),
    ...(metadata === undefined ? {} : { metadata: redactor.data(metadata) }),
  };
}

interface Line {
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

function redactedLine({ message, fields }: Line, redactor: Redactor): Line {
  // Code without types may give anything for a message.
  const said = redactor.data(message);
  return fields === undefined ? { message: said } : { message: said, fields: redactor.data(fields) };
}
