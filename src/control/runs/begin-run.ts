import { randomUUID } from "node:crypto";
import type { ParsedRunConfig } from "../../core/config/run-config.ts";
import { MillraceError } from "../../core/errors.ts";
import { blockedError } from "../../core/plan/blocked-error.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { Plan, PlanStep } from "../../core/plan/plan.ts";
import type { PublishPolicy } from "../../core/run/publish-policy.ts";
import type { AskedOfJob } from "../../core/run/run.ts";
import type { NewRun, NewStep, RunLease, TakenOver } from "../../ports/state/run-store.ts";
import type { ControlContext } from "../control-context.ts";
import type { Continued } from "./find-continued.ts";
import { madeAssets } from "./record-code.ts";

/** Of a run that begins, what does not follow from its plan. */
export interface RunFacts extends Pick<NewRun, "selection" | "trigger" | "tags"> {
  readonly identity: string;
  readonly basis: string;
  readonly publish: PublishPolicy;
  readonly job?: string;
  /** What of it. */
  readonly asked?: AskedOfJob;
  readonly config: ParsedRunConfig;
  /** Steps of ops, by name, that are known now and that the run does not have yet. */
  readonly ops?: readonly string[];
}

/** @throws STEP_BLOCKED, SCHEMA_MIXED where something of the plan cannot be made */
export function refuseBlocked(plan: Plan): void {
  const problems = plan.blocked.map(blockedError);
  const [first] = problems;
  if (first !== undefined)
    throw new MillraceError(first.code, first.details, { place: first.place, problems });
}

/** A new run, its code kept (N9). */
export async function beginRun(
  plan: Plan,
  { ops = [], config, ...facts }: RunFacts,
  context: ControlContext,
): Promise<RunLease> {
  const codePin = await context.code.keep(plan.steps.flatMap(madeAssets));
  const run = {
    id: randomUUID(),
    ...facts,
    steps: [...plan.steps.map((step) => newStep(step, context)), ...ops.map(opStep)],
    ...(codePin === undefined ? {} : { codePin }),
    ...(config.identity === "" ? {} : { config: config.stored }),
    ...(plan.fullRefresh === true ? { fullRefresh: true } : {}),
  };
  return context.state.runs.create(context.scope, run, context.processes.self, context.leaseMs);
}

/**
 * Goes on with an interrupted run in the light of today's code. Undefined where what it had made is no longer kept: then
 * there is nothing to go on from.
 */
export async function takeOverRun(
  { run, revised }: Continued,
  {
    basis,
    publish,
    asked,
    ops = [],
  }: Pick<RunFacts, "basis" | "asked" | "ops"> & Partial<Pick<RunFacts, "publish">>,
  context: ControlContext,
): Promise<TakenOver | undefined> {
  const { state, scope, processes, leaseMs, code } = context;
  const codePin = await code.keep(revised.plan.steps.flatMap(madeAssets));
  try {
    return await state.runs.takeOver(scope, run.id, run.token, processes.self, leaseMs, {
      basis,
      pending: revised.pending,
      added: [...revised.added.map((step) => newStep(step, context)), ...ops.map(opStep)],
      dropped: revised.dropped,
      ...(codePin === undefined ? {} : { codePin }),
      ...(publish === undefined ? {} : { publish }),
      ...(asked === undefined ? {} : { asked }),
    });
  } catch (error) {
    if (error instanceof MillraceError && error.code === "RUN_EXPIRED") return undefined;
    throw error;
  }
}

function opStep(key: string): NewStep {
  return { key, outputs: [] };
}

function newStep({ key, outputs, range, certainty }: PlanStep, { known }: ControlContext): NewStep {
  const made = outputs.map(({ asset }) => ({ asset: asset.key, assetId: knownAsset(known, asset).assetId }));
  const spaceId = outputs[0] === undefined ? 0 : knownAsset(known, outputs[0].asset).spaceId;
  return { key, outputs: made, place: { spaceId, range }, mayRun: certainty === "may run" };
}
