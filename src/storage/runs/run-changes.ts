import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import { MillraceError } from "../../core/errors.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import type { NewStep, RunChange, StagedVersion } from "../../ports/state/run-store.ts";
import type { Observation } from "../../ports/state/observation-store.ts";
import type { EventSubject, NewEvent } from "../../core/run/event.ts";
import { evaluatedEvent } from "../checks/evaluated-event.ts";
import type { NewCheckpoint } from "./checkpoints.ts";
import type { StepOutput, StepState } from "./run-steps.ts";

/** What a batch of changes comes to: for each table what is to be written, so that it is written at once. */
export interface FoldedChanges {
  readonly added: readonly { readonly steps: readonly NewStep[]; readonly from: number }[];
  /** Every step touched, as it is afterwards. */
  readonly steps: ReadonlyMap<string, StepState>;
  /** Steps that start and therefore claim their range. */
  readonly claiming: ReadonlySet<string>;
  /** Steps that failed for good and give their range back. */
  readonly releasing: ReadonlySet<string>;
  readonly intended: readonly {
    readonly at: OutputPlace;
    readonly versionId: string;
    readonly kind: string;
  }[];
  readonly staged: readonly { readonly at: OutputPlace; readonly version: StagedVersion }[];
  readonly rejected: readonly { readonly versionId: string; readonly reason: string }[];
  /** Steps whose attempt failed: what it staged is nobody's. */
  readonly failedAttempts: readonly string[];
  readonly checkpoints: readonly NewCheckpoint[];
  readonly omitted: readonly { readonly step: string; readonly assetId: number }[];
  readonly evaluations: readonly CheckEvaluation[];
  readonly observations: readonly Observation[];
  readonly events: readonly NewEvent[];
}

/** What a version takes up: the range of its step, of one output. */
export interface OutputPlace extends StepOutput {
  readonly step: string;
  readonly spaceId: number;
  readonly range: PartitionRange;
}

/**
 * Goes through the changes in order, without touching the database. `known` are the steps they name, `renamed` the
 * assets that they call by a key from before a renaming.
 */
export function foldChanges(
  runId: string,
  changes: readonly RunChange[],
  known: ReadonlyMap<string, StepState>,
  renamed: ReadonlyMap<string, number>,
  now: number,
): FoldedChanges {
  const added: { steps: readonly NewStep[]; from: number }[] = [];
  /** Steps that this batch adds. */
  const fresh = new Map<string, StepState>();
  const steps = new Map<string, StepState>();
  const claiming = new Set<string>();
  const releasing = new Set<string>();
  const intended: { at: OutputPlace; versionId: string; kind: string }[] = [];
  const staged: { at: OutputPlace; version: StagedVersion }[] = [];
  const rejected: { versionId: string; reason: string }[] = [];
  const failedAttempts: string[] = [];
  const checkpoints: NewCheckpoint[] = [];
  const omitted: { step: string; assetId: number }[] = [];
  const evaluations: CheckEvaluation[] = [];
  const observations: Observation[] = [];
  const events: NewEvent[] = [];

  const stepOf = (key: string): StepState => {
    const state = steps.get(key) ?? known.get(key) ?? fresh.get(key);
    if (state === undefined)
      throw new MillraceError("INTERNAL", { reason: `run ${runId} has no step ${key}` });
    return state;
  };
  const placeOf = ({ step, asset }: { step: string; asset: string }): OutputPlace => {
    const { outputs, place } = stepOf(step);
    const output =
      outputs.find((one) => one.asset === asset) ??
      outputs.find(({ assetId }) => assetId === renamed.get(asset));
    if (output !== undefined && place !== undefined) return { ...output, step, ...place };
    throw new MillraceError("INTERNAL", { reason: `the step ${step} does not make ${asset}` });
  };
  /** One output; the step's only one, when none is named. */
  const of = ({ key, outputs }: StepState, asset?: string): EventSubject => {
    return { runId, step: key, asset: asset ?? onlyAsset(outputs) };
  };
  /** One step, if any: else the run. */
  const aboutStep = (step: string | undefined): EventSubject =>
    step === undefined ? { runId } : { runId, step, asset: onlyAsset(known.get(step)?.outputs ?? []) };
  for (const change of changes) {
    switch (change.change) {
      case "steps.added": {
        const { steps: more, from, by } = change;
        added.push({ steps: more, from });
        for (const { key, place } of more) {
          fresh.set(key, {
            key,
            outputs: [],
            status: "pending",
            attempts: 0,
            failures: 0,
            ...(place && { place }),
          });
        }
        events.push({ type: "steps.added", runId, step: by, data: { steps: more.length } });
        break;
      }
      case "step.started": {
        const before = stepOf(change.step);
        const number = before.attempts + 1;
        const rest = begunAnew(before);
        const step = {
          ...rest,
          status: "running",
          attempts: number,
          startedAt: before.startedAt ?? now,
        } as const;
        steps.set(step.key, step);
        claiming.add(step.key);
        releasing.delete(step.key);
        const assets = step.outputs.length <= 1 ? {} : { assets: step.outputs.map(({ asset }) => asset) };
        events.push({
          type: "step.started",
          ...of(step),
          data: { attempt: number, ...madeRange(step), ...assets },
        });
        break;
      }
      case "version.intended": {
        intended.push({ at: placeOf(change), versionId: change.versionId, kind: change.kind });
        break;
      }
      case "version.staged": {
        const { version } = change;
        staged.push({ at: placeOf(change), version });
        const rows = version.rowCount === undefined ? {} : { rows: version.rowCount };
        const { id: versionId, dataVersion, bytes } = version;
        const data = { versionId, dataVersion, ...rows, bytes };
        events.push({ type: "version.staged", ...of(stepOf(change.step), change.asset), data });
        break;
      }
      case "check.evaluated": {
        const { evaluation } = change;
        evaluations.push(evaluation);
        events.push(evaluatedEvent(evaluation, { step: stepOf(change.step).key, asset: change.asset }));
        break;
      }
      case "version.rejected": {
        rejected.push({ versionId: change.versionId, reason: change.reason });
        const { versionId, reason } = change;
        events.push({
          type: "version.rejected",
          ...of(stepOf(change.step), change.asset),
          data: { versionId, reason },
        });
        break;
      }
      case "checkpoint.reached": {
        const { name, key, result } = change;
        checkpoints.push({ step: stepOf(change.step).key, name, key, result });
        break;
      }
      case "step.retrying": {
        const step = stepOf(change.step);
        const { reason, delayMs } = change;
        failedAttempts.push(step.key);
        const failures = step.failures + (change.excused === true ? 0 : 1);
        steps.set(step.key, { ...step, reason, failures, retryAt: now + delayMs });
        events.push({
          type: "step.retrying",
          ...of(step),
          data: { attempt: step.attempts, reason, delayMs },
        });
        break;
      }
      case "step.succeeded": {
        const { reason: _, code: __, ...before } = stepOf(change.step);
        const { versionIds, omitted: left = [], gave } = change;
        const step = { ...before, ...gave, status: "success", endedAt: now } as const;
        steps.set(step.key, step);
        const took = step.startedAt === undefined ? {} : { milliseconds: now - step.startedAt };
        const [versionId] = versionIds;
        const made =
          step.outputs.length === 1 ? { versionId } : versionIds.length === 0 ? {} : { versionIds };
        const without = left.length === 0 ? {} : { omitted: left };
        for (const asset of left) omitted.push(placeOf({ step: step.key, asset }));
        events.push({
          type: "step.succeeded",
          ...of(step),
          data: { ...made, ...without, attempt: step.attempts, ...took },
        });
        break;
      }
      case "step.skipped": {
        const before = stepOf(change.step);
        const { reason, cause: code } = change;
        const step = { ...before, ...change.with, status: "skipped", reason, code, endedAt: now } as const;
        steps.set(step.key, step);
        releasing.add(step.key);
        events.push({ type: "step.skipped", ...of(step), data: { reason } });
        break;
      }
      case "step.failed": {
        const before = stepOf(change.step);
        const { reason, code, codeVersion, inputVersion } = change;
        failedAttempts.push(before.key);
        const step = {
          ...before,
          status: "failure",
          reason,
          code,
          ...(codeVersion === undefined ? {} : { codeVersion }),
          ...(inputVersion === undefined ? {} : { inputVersion }),
          endedAt: now,
        } as const;
        steps.set(step.key, step);
        releasing.add(step.key);
        events.push({ type: "step.failed", ...of(step), data: { attempt: step.attempts, reason, code } });
        break;
      }
      case "asset.observed": {
        const { assetId, asset, dataVersion, mark } = change;
        observations.push({ assetId, dataVersion, mark, observedAt: now, runId });
        events.push({ type: "asset.observed", runId, asset, data: { dataVersion } });
        break;
      }
      case "hook.failed": {
        const { step, hook, of: whose, reason } = change;
        const data = { hook, of: whose, reason };
        events.push({ type: "hook.failed", ...aboutStep(step), data });
        break;
      }
      case "log": {
        const { level, message, fields } = change;
        const data = { level, message, ...(fields === undefined ? {} : { fields }) };
        events.push({ type: "log", ...aboutStep(change.step), data });
        break;
      }
    }
  }
  return {
    added,
    steps,
    claiming,
    releasing,
    intended,
    staged,
    rejected,
    failedAttempts,
    checkpoints,
    omitted,
    evaluations,
    observations,
    events,
  };
}

/** Without what is known of how it ended before, or waited. */
function begunAnew(step: StepState): StepState {
  const {
    reason: _,
    code: __,
    endedAt: ___,
    codeVersion: ____,
    inputVersion: _____,
    retryAt: ______,
    ...rest
  } = step;
  return rest;
}

/** The partitions that a step makes; nothing of the step of an op. */
function madeRange({ place }: StepState): { readonly from?: number; readonly to?: number } {
  return place === undefined ? {} : { from: place.range.from, to: place.range.to };
}

/** A step of several outputs is of none of them. */
function onlyAsset(outputs: readonly StepOutput[]): string | undefined {
  return outputs.length === 1 ? outputs[0]?.asset : undefined;
}
