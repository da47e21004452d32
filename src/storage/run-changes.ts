import type { CheckEvaluation } from "../core/check/evaluation.ts";
import { MillraceError } from "../core/errors.ts";
import type { RunChange, StagedVersion } from "../ports/state/run-store.ts";
import type { Observation } from "../ports/state/observation-store.ts";
import type { NewEvent } from "./append-events.ts";
import type { StepState } from "./run-steps.ts";

export interface AttemptEnd {
  readonly step: string;
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome?: "success" | "failure" | "retry" | "skipped";
  readonly reason?: string;
}

/** What a batch of changes comes to: for each table what is to be written, so that it is written at once. */
export interface FoldedChanges {
  /** Every step touched, as it is afterwards. */
  readonly steps: ReadonlyMap<string, StepState>;
  readonly attempts: ReadonlyMap<string, AttemptEnd>;
  /** Steps that start and therefore claim their range. */
  readonly claiming: ReadonlySet<string>;
  /** Steps that failed for good and give their range back. */
  readonly releasing: ReadonlySet<string>;
  readonly intended: readonly { readonly step: string; readonly versionId: string; readonly kind: string }[];
  readonly staged: readonly { readonly step: string; readonly version: StagedVersion }[];
  readonly rejected: readonly { readonly versionId: string; readonly reason: string }[];
  readonly evaluations: readonly CheckEvaluation[];
  readonly observations: readonly Observation[];
  readonly events: readonly NewEvent[];
}

/** Goes through the changes in order, without touching the database. `known` are the steps they name. */
export function foldChanges(
  runId: string,
  changes: readonly RunChange[],
  known: ReadonlyMap<string, StepState>,
  now: number,
): FoldedChanges {
  const steps = new Map<string, StepState>();
  const attempts = new Map<string, AttemptEnd>();
  const claiming = new Set<string>();
  const releasing = new Set<string>();
  const intended: { step: string; versionId: string; kind: string }[] = [];
  const staged: { step: string; version: StagedVersion }[] = [];
  const rejected: { versionId: string; reason: string }[] = [];
  const evaluations: CheckEvaluation[] = [];
  const observations: Observation[] = [];
  const events: NewEvent[] = [];

  const stepOf = (key: string): StepState => {
    const state = steps.get(key) ?? known.get(key);
    if (state === undefined)
      throw new MillraceError("INTERNAL", { reason: `run ${runId} has no step ${key}` });
    return state;
  };
  const tell = (type: NewEvent["type"], { key, asset }: StepState, data: NewEvent["data"]): void => {
    events.push({ type, runId, step: key, asset, data });
  };
  const endAttempt = (
    step: StepState,
    outcome: NonNullable<AttemptEnd["outcome"]>,
    reason?: string,
  ): void => {
    if (step.attempts === 0) return;
    const id = `${step.attempts} ${step.key}`;
    const begun = attempts.get(id) ?? { step: step.key, number: step.attempts, startedAt: now };
    attempts.set(id, { ...begun, endedAt: now, outcome, ...(reason === undefined ? {} : { reason }) });
  };

  for (const change of changes) {
    switch (change.change) {
      case "step.started": {
        const before = stepOf(change.step);
        const number = before.attempts + 1;
        const { reason: _, code: __, endedAt: ___, ...rest } = before;
        const step = {
          ...rest,
          status: "running",
          attempts: number,
          startedAt: before.startedAt ?? now,
        } as const;
        steps.set(step.key, step);
        attempts.set(`${number} ${step.key}`, { step: step.key, number, startedAt: now });
        claiming.add(step.key);
        releasing.delete(step.key);
        tell("step.started", step, { attempt: number, from: step.range.from, to: step.range.to });
        break;
      }
      case "version.intended": {
        stepOf(change.step);
        intended.push({ step: change.step, versionId: change.versionId, kind: change.kind });
        break;
      }
      case "version.staged": {
        const { version } = change;
        staged.push({ step: change.step, version });
        tell("version.staged", stepOf(change.step), {
          versionId: version.id,
          dataVersion: version.dataVersion,
          ...(version.rowCount === undefined ? {} : { rows: version.rowCount }),
          bytes: version.bytes,
        });
        break;
      }
      case "check.evaluated": {
        const { evaluation } = change;
        evaluations.push(evaluation);
        tell("check.evaluated", stepOf(change.step), {
          check: evaluation.check,
          passed: evaluation.passed,
          blocking: evaluation.blocking,
          severity: evaluation.severity,
          versionId: evaluation.versionId,
          ...(evaluation.description === undefined ? {} : { description: evaluation.description }),
        });
        break;
      }
      case "version.rejected": {
        rejected.push({ versionId: change.versionId, reason: change.reason });
        const { versionId, reason } = change;
        tell("version.rejected", stepOf(change.step), { versionId, reason });
        break;
      }
      case "step.retrying": {
        const step = stepOf(change.step);
        const { reason, delayMs } = change;
        endAttempt(step, "retry", reason);
        steps.set(step.key, { ...step, reason });
        tell("step.retrying", step, { attempt: step.attempts, reason, delayMs });
        break;
      }
      case "step.succeeded": {
        const { reason: _, code: __, ...before } = stepOf(change.step);
        endAttempt(before, "success");
        const step = { ...before, status: "success", versionId: change.versionId, endedAt: now } as const;
        steps.set(step.key, step);
        const took = step.startedAt === undefined ? {} : { milliseconds: now - step.startedAt };
        tell("step.succeeded", step, { versionId: change.versionId, attempt: step.attempts, ...took });
        break;
      }
      case "step.skipped": {
        const before = stepOf(change.step);
        if (before.status === "running") endAttempt(before, "skipped", change.reason);
        const step = { ...before, status: "skipped", reason: change.reason, endedAt: now } as const;
        steps.set(step.key, step);
        releasing.add(step.key);
        tell("step.skipped", step, { reason: change.reason });
        break;
      }
      case "step.failed": {
        const before = stepOf(change.step);
        const { reason, code } = change;
        endAttempt(before, "failure", reason);
        const step = { ...before, status: "failure", reason, code, endedAt: now } as const;
        steps.set(step.key, step);
        releasing.add(step.key);
        tell("step.failed", step, { attempt: step.attempts, reason, code });
        break;
      }
      case "asset.observed": {
        const { assetId, asset, dataVersion, mark } = change;
        observations.push({ assetId, dataVersion, mark, observedAt: now, runId });
        events.push({ type: "asset.observed", runId, asset, data: { dataVersion } });
        break;
      }
      case "log": {
        const { level, message, fields } = change;
        const data = { level, message, ...(fields === undefined ? {} : { fields }) };
        events.push({ type: "log", runId, step: change.step, asset: known.get(change.step)?.asset, data });
        break;
      }
    }
  }
  return {
    steps,
    attempts,
    claiming,
    releasing,
    intended,
    staged,
    rejected,
    evaluations,
    observations,
    events,
  };
}
