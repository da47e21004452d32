import { isExternal, type AssetDefinition } from "../asset/asset-definition.ts";
import type { CatalogView } from "../catalog/catalog-view.ts";
import type { Holds } from "../catalog/holds.ts";
import { MillraceError } from "../errors.ts";
import { rangeOf, type PartitionRange } from "../partition/range.ts";
import type { ProjectGraph } from "../project/project-graph.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";
import { stepKey, type BlockedStep, type HeldStep, type Plan, type PlanStep } from "./plan.ts";
import type { Retired } from "./retirement.ts";
import { staleCauses, type StaleCause } from "./stale-cause.ts";
import { missingOrdinals, stepInputs, versionInput } from "./step-inputs.ts";
import { refusePartitions, wantedOrdinals, type PartitionRequest } from "./wanted-ordinals.ts";

export interface PlanRequest {
  readonly selection: string;
  readonly targets: readonly AssetDefinition[];
  readonly graph: ProjectGraph;
  readonly known: ReadonlyMap<string, KnownAsset>;
  readonly view: CatalogView;
  readonly codeVersionOf: (asset: AssetDefinition) => string;
  /** Data version of an external asset as it is now. */
  readonly observedOf: (asset: AssetDefinition) => string | undefined;
  /** What rollbacks hold where it is. */
  readonly holds: Holds;
  /** What has left the code; nothing when absent. */
  readonly retired?: readonly Retired[];
  readonly partitions?: PartitionRequest;
  /** Leave out what is fresh, and what is held. */
  readonly staleOnly: boolean;
  readonly now: number;
}

/** Decides what a run does. Pure: the same catalog, code and request give the same plan. */
export function makePlan(request: PlanRequest): Plan {
  const wanted = new Set(request.targets);
  const targets = request.graph.order.filter((asset) => wanted.has(asset) && !isExternal(asset));
  if (targets.length === 0) throw new MillraceError("SELECTION_EXTERNAL", { selection: request.selection });
  refusePartitions(targets, request.partitions);
  const steps = new Map<string, PlanStep>();
  const ordinalsInPlan = new Map<string, Set<number>>();
  const blocked: BlockedStep[] = [];
  const held: HeldStep[] = [];
  let fresh = 0;
  for (const asset of targets) {
    const place = knownAsset(request.known, asset);
    const { space } = place;
    for (const ordinal of wantedOrdinals(asset, request)) {
      const partition = space.keyOf(ordinal);
      const range = rangeOf(ordinal);
      const found = examine(asset, range, request, ordinalsInPlan);
      const key = stepKey(asset, partition);
      const named = { key, asset, range, ...(partition === undefined ? {} : { partition }) };
      const hold = request.holds.over(place, range);
      if (hold !== undefined) held.push({ ...named, hold, causes: found.causes });
      if (request.staleOnly && hold !== undefined) continue;
      if (request.staleOnly && found.causes.length === 0 && found.dependsOn.length === 0) {
        fresh += 1;
        continue;
      }
      blocked.push(...found.blocked.map((missing) => ({ ...missing, key })));
      steps.set(key, {
        ...named,
        dependsOn: found.dependsOn,
        certainty: request.staleOnly && found.causes.length === 0 ? "may run" : "runs",
        causes: found.causes,
      });
      const ordinals = ordinalsInPlan.get(asset.key);
      if (ordinals === undefined) ordinalsInPlan.set(asset.key, new Set([ordinal]));
      else ordinals.add(ordinal);
    }
  }
  return Object.freeze({
    selection: request.selection,
    snapshot: request.view.snapshot,
    steps: [...steps.values()],
    blocked,
    held,
    retired: request.retired ?? [],
    fresh,
  });
}

interface Examined {
  readonly causes: readonly StaleCause[];
  readonly dependsOn: readonly string[];
  readonly blocked: readonly Omit<BlockedStep, "key">[];
}

function examine(
  asset: AssetDefinition,
  range: PartitionRange,
  request: PlanRequest,
  ordinalsInPlan: ReadonlyMap<string, ReadonlySet<number>>,
): Examined {
  const dependsOn: string[] = [];
  const blocked: Omit<BlockedStep, "key">[] = [];
  const inputs = stepInputs(asset, range, request.known, request.now);
  for (const input of inputs) {
    if (isExternal(input.asset)) continue;
    const upstream = knownAsset(request.known, input.asset);
    const planned = ordinalsInPlan.get(input.asset.key);
    for (const ordinal of planned ?? []) {
      if (input.ranges.some((read) => ordinal >= read.from && ordinal < read.to)) {
        dependsOn.push(stepKey(input.asset, upstream.space.keyOf(ordinal)));
      }
    }
    const missing = missingOrdinals(input, request.view, upstream).filter(
      (ordinal) => planned?.has(ordinal) !== true,
    );
    if (missing.length > 0) {
      const names = missing.map((ordinal) => upstream.space.keyOf(ordinal) ?? input.asset.key);
      blocked.push({ dependency: input.asset.key, missing: names });
    }
  }
  // Checks read what is made in the same run, so that goes first.
  const read = new Set(inputs.map((input) => input.asset));
  for (const other of request.graph.waitsFor(asset).filter((waited) => !read.has(waited))) {
    const { space } = knownAsset(request.known, other);
    const planned = ordinalsInPlan.get(other.key) ?? [];
    dependsOn.push(...[...planned].map((ordinal) => stepKey(other, space.keyOf(ordinal))));
  }
  const current = request.view.exactly(knownAsset(request.known, asset), range)?.version;
  const recorded = inputs
    .map((input) =>
      versionInput(
        input,
        request.view,
        knownAsset(request.known, input.asset),
        request.observedOf(input.asset),
      ),
    )
    .filter((input) => input !== undefined);
  // What it still reads but nobody has made yet is no input that went away.
  const still = new Set(inputs.map((input) => input.asset.key));
  const causes = staleCauses(current, request.codeVersionOf(asset), recorded).filter(
    (cause) => cause.cause !== "input removed" || !still.has(cause.input),
  );
  return { causes, dependsOn, blocked };
}
