import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { CatalogView } from "../catalog/catalog-view.ts";
import type { VersionInput, VersionRecord } from "../catalog/version.ts";
import type { ProjectGraph } from "../project/project-graph.ts";
import type { StepRecord } from "../run/run.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";
import type { Plan, PlanStep } from "./plan.ts";
import { describeCause, type StaleCause } from "./stale-cause.ts";
import { recordedStep } from "./recorded-step.ts";
import { stepEdges } from "./step-edges.ts";
import { stepInputs, versionInput } from "./step-inputs.ts";

export interface RevisionRequest {
  /** Steps of the interrupted run, and what those that succeeded have made. */
  readonly recorded: readonly StepRecord[];
  readonly versions: ReadonlyMap<string, VersionRecord>;
  /** What today's code would do. */
  readonly today: Plan;
  /** The catalog at the snapshot of both. What is kept is staged on it. */
  readonly view: CatalogView;
  readonly graph: ProjectGraph;
  readonly known: ReadonlyMap<string, KnownAsset>;
  /** What a step made now would have other than a version. */
  readonly causesOf: (
    asset: AssetDefinition,
    version: VersionRecord,
    inputs: readonly VersionInput[],
  ) => readonly StaleCause[];
  readonly observedOf: (asset: AssetDefinition) => string | undefined;
  /** All code and all external content is as it was when the run began. */
  readonly sameBasis: boolean;
  readonly now: number;
}

/** A committed step that is made again, and why. */
export interface StepMadeAgain {
  readonly key: string;
  readonly reason: string;
}

/** An interrupted run in the light of today's code (N9). */
export interface RevisedPlan {
  readonly plan: Plan;
  /** Committed steps that count: made by today's code from today's inputs. */
  readonly kept: readonly StepRecord[];
  /** Committed steps that do not, in order of the plan. */
  readonly again: readonly StepMadeAgain[];
  /** Steps that the run did not have. */
  readonly added: readonly PlanStep[];
  /** Keys of the others that it had: not done, or to be made again. */
  readonly pending: readonly string[];
  /** Keys of steps that it had, and that nobody asks for any longer. */
  readonly dropped: readonly string[];
}

/** Why a step that nobody asks for any longer is skipped. */
export const noLongerAsked = "no longer asked for";

/**
 * Goes through the steps, upstream first: one that was committed is kept if nothing that it reads is made again and its
 * code version and inputs are what they would be now. A step that was skipped as unchanged is kept likewise.
 */
export function revisePlan(request: RevisionRequest): RevisedPlan {
  const { today, graph, known, view, now } = request;
  const recorded = new Map(request.recorded.map((step) => [step.key, step]));
  const steps = inOrder([...today.steps, ...committedOnly(request)], graph);
  const edgesOf = stepEdges(steps, graph, known, now);
  const wanted = new Set(today.steps.map((step) => step.key));
  const unsettled = new Set<string>();
  const kept: StepRecord[] = [];
  const again: StepMadeAgain[] = [];
  const planned: PlanStep[] = [];
  for (const step of steps) {
    const record = recorded.get(step.key);
    const dependsOn = edgesOf(step);
    const reason =
      record === undefined ? undefined : reasonAgainst(step, record, dependsOn, unsettled, request);
    if (record !== undefined && reason === undefined) {
      for (const version of versionsOf(record, request)) view.stage(version);
      kept.push(record);
    } else {
      unsettled.add(step.key);
      if (!wanted.has(step.key)) continue;
      if (record?.status === "success") again.push({ key: step.key, reason: reason ?? "" });
    }
    planned.push({ ...step, dependsOn });
  }
  const present = new Set(planned.map((step) => step.key));
  const done = new Set(kept.map((step) => step.key));
  return {
    plan: Object.freeze({ ...today, steps: planned }),
    kept,
    again,
    pending: planned.flatMap(({ key }) => (recorded.has(key) && !done.has(key) ? [key] : [])),
    added: planned.filter((step) => !recorded.has(step.key)),
    dropped: request.recorded.flatMap(({ key, skipped }) =>
      present.has(key) || skipped === "dropped" ? [] : [key],
    ),
  };
}

/** Why a recorded step cannot be left as it is; undefined when it can. */
function reasonAgainst(
  step: PlanStep,
  record: StepRecord,
  dependsOn: readonly string[],
  unsettled: ReadonlySet<string>,
  request: RevisionRequest,
): string | undefined {
  const upstream = dependsOn.find((key) => unsettled.has(key));
  if (record.status === "skipped")
    return skippedStays(step, record, upstream, request) ? undefined : "not done";
  if (record.status !== "success") return "not done";
  const versions = versionsOf(record, request);
  const made = record.outputs.filter(({ versionId }) => versionId !== undefined);
  if (versions.length < made.length) return "what it made is gone";
  // Of a step that left out everything, no version tells with which code it did.
  if (made.length === 0 && !request.sameBasis) return "it made nothing";
  const inputs = inputsNow(step, request);
  const causes = versions.flatMap((version) => {
    const output = step.outputs.find(
      ({ asset }) => knownAsset(request.known, asset).assetId === version.assetId,
    );
    return output === undefined ? [] : request.causesOf(output.asset, version, inputs);
  });
  // Of inputs that are made again nobody knows yet what becomes of them.
  const told = upstream === undefined ? causes : causes.filter(({ cause }) => cause === "code changed");
  if (told.length > 0) return [...new Set(told.map(describeCause))].join(", ");
  return upstream === undefined ? undefined : `reads ${upstream}`;
}

function skippedStays(
  step: PlanStep,
  { skipped }: StepRecord,
  upstream: string | undefined,
  { sameBasis }: RevisionRequest,
): boolean {
  if (upstream !== undefined) return false;
  return skipped === "author" ? sameBasis : skipped === "unchanged" && step.certainty === "may run";
}

function versionsOf({ outputs }: StepRecord, { versions }: RevisionRequest): readonly VersionRecord[] {
  return outputs.flatMap(({ versionId }) => versions.get(versionId ?? "") ?? []);
}

function inputsNow(step: PlanStep, { known, view, observedOf, now }: RevisionRequest) {
  return stepInputs(step.computation, step.range, known, now)
    .map((input) => versionInput(input, view, knownAsset(known, input.asset), observedOf(input.asset)))
    .filter((input) => input !== undefined);
}

/** What the run has committed and today's plan does not have: published by the run itself, it is fresh now. */
function committedOnly({ recorded, today, graph, known }: RevisionRequest): readonly PlanStep[] {
  const planned = new Set(today.steps.map((step) => step.key));
  return recorded
    .filter(({ key, status }) => !planned.has(key) && (status === "success" || status === "skipped"))
    .flatMap((step) => recordedStep(step, graph, known) ?? []);
}

function inOrder(steps: readonly PlanStep[], graph: ProjectGraph): readonly PlanStep[] {
  const place = new Map(graph.computations.map((computation, index) => [computation, index]));
  const placeOf = ({ computation }: PlanStep): number => place.get(computation) ?? 0;
  return steps.toSorted((a, b) => placeOf(a) - placeOf(b) || a.range.from - b.range.from);
}
