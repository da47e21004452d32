import { isExternal, type AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import type { CatalogView } from "../catalog/catalog-view.ts";
import type { Hold } from "../catalog/hold.ts";
import type { Holds } from "../catalog/holds.ts";
import type { CodeChange } from "../code/code-change.ts";
import { schemaMismatches } from "../catalog/schema-mismatch.ts";
import { MillraceError } from "../errors.ts";
import { rangeOf, type PartitionRange } from "../partition/range.ts";
import type { ProjectGraph } from "../project/project-graph.ts";
import { leftBehind } from "./left-behind.ts";
import { knownAsset, type KnownAsset } from "./known-asset.ts";
import {
  stepKey,
  type BlockedStep,
  type HeldStep,
  type MissingInput,
  type Plan,
  type PlanOutput,
  type PlanStep,
} from "./plan.ts";
import type { Retired } from "./retirement.ts";
import { describeCause, staleCauses, type StaleCause } from "./stale-cause.ts";
import { missingOrdinals, stepInputs, versionInput } from "./step-inputs.ts";
import { refusePartitions, wantedOrdinals, type PartitionRequest } from "./wanted-ordinals.ts";

export interface PlanRequest {
  readonly selection: string;
  readonly targets: readonly AssetDefinition[];
  readonly graph: ProjectGraph;
  readonly known: ReadonlyMap<string, KnownAsset>;
  readonly view: CatalogView;
  readonly codeVersionOf: (asset: AssetDefinition) => string;
  /** In what an asset's code differs from that of an earlier code version; nothing where that is not known. */
  readonly codeChangesOf?: (asset: AssetDefinition, since: string) => readonly CodeChange[];
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
  const targets = new Set(request.targets.filter((asset) => !isExternal(asset)));
  if (targets.size === 0 && request.targets.length > 0)
    throw new MillraceError("SELECTION_EXTERNAL", { selection: request.selection });
  refusePartitions(
    request.graph.order.filter((asset) => targets.has(asset)),
    request.partitions,
  );
  const steps = new Map<string, PlanStep>();
  const ordinalsInPlan = new Map<string, Set<number>>();
  const blocked: BlockedStep[] = [];
  const held: HeldStep[] = [];
  let fresh = 0;
  for (const computation of request.graph.computations) {
    const asked = computation.outputs.map(({ asset }) => asset).filter((asset) => targets.has(asset));
    const [first] = asked;
    if (first === undefined) continue;
    const together = computation.subset ? asked : computation.outputs.map(({ asset }) => asset);
    const { space } = knownAsset(request.known, first);
    for (const ordinal of wantedOrdinals(first, request)) {
      const partition = space.keyOf(ordinal);
      const range = rangeOf(ordinal);
      const key = stepKey(computation, partition);
      const named = { key, range, ...(partition === undefined ? {} : { partition }) };
      const found = examine(computation, range, request, ordinalsInPlan);
      const holds = holdsOver(computation, together, range, request).map(({ asset, hold }) => ({
        ...named,
        asset,
        hold,
        causes: found.causesOf(asset),
      }));
      held.push(...holds);
      const free = request.staleOnly
        ? asked.filter((asset) => !holds.some((hold) => hold.asset === asset))
        : asked;
      const wanted = request.staleOnly ? free.filter((asset) => isDue(asset, found)) : asked;
      if (wanted.length === 0 || computation.subset) fresh += free.length - wanted.length;
      if (wanted.length === 0) continue;
      blocked.push(...found.blocked.map((missing) => ({ ...missing, key })));
      const outputs = computation.outputs.flatMap(({ asset }): PlanOutput[] => {
        const isAsked = wanted.includes(asset);
        if (!isAsked && computation.subset) return [];
        return [{ asset, asked: isAsked, causes: found.causesOf(asset) }];
      });
      const causes = distinctCauses(outputs.flatMap((output) => (output.asked ? output.causes : [])));
      steps.set(key, {
        ...named,
        computation,
        outputs,
        dependsOn: found.dependsOn,
        certainty: request.staleOnly && causes.length === 0 ? "may run" : "runs",
        causes,
      });
      for (const { asset } of outputs) {
        const ordinals = ordinalsInPlan.get(asset.key);
        if (ordinals === undefined) ordinalsInPlan.set(asset.key, new Set([ordinal]));
        else ordinals.add(ordinal);
      }
    }
    for (const { asset } of computation.outputs)
      blocked.push(...leftBehind(asset, ordinalsInPlan.get(asset.key), request));
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

/** What is held keeps what comes out of the same step, which could not be published without it (N16, N17). */
function holdsOver(
  { subset }: Computation,
  assets: readonly AssetDefinition[],
  range: PartitionRange,
  { holds, known }: PlanRequest,
): readonly { readonly asset: AssetDefinition; readonly hold: Hold }[] {
  const own = assets.map((asset) => ({ asset, hold: holds.over(knownAsset(known, asset), range) }));
  const other = subset ? undefined : own.find(({ hold }) => hold !== undefined)?.hold;
  return own.flatMap(({ asset, hold = other }) => (hold === undefined ? [] : { asset, hold }));
}

function isDue(asset: AssetDefinition, { causesOf, dependsOn }: Examined): boolean {
  return dependsOn.length > 0 || causesOf(asset).length > 0;
}

interface Examined {
  readonly causesOf: (asset: AssetDefinition) => readonly StaleCause[];
  readonly dependsOn: readonly string[];
  readonly blocked: readonly Omit<MissingInput, "key">[];
}

function examine(
  computation: Computation,
  range: PartitionRange,
  request: PlanRequest,
  ordinalsInPlan: ReadonlyMap<string, ReadonlySet<number>>,
): Examined {
  const dependsOn = new Set<string>();
  const blocked: Omit<MissingInput, "key">[] = [];
  const inputs = stepInputs(computation, range, request.known, request.now);
  for (const input of inputs) {
    if (isExternal(input.asset)) continue;
    const upstream = knownAsset(request.known, input.asset);
    const planned = ordinalsInPlan.get(input.asset.key);
    for (const ordinal of planned ?? []) {
      if (input.ranges.some((read) => ordinal >= read.from && ordinal < read.to)) {
        dependsOn.add(stepKey(input.asset.computation, upstream.space.keyOf(ordinal)));
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
  for (const other of request.graph.waitsFor(computation).filter((waited) => !read.has(waited))) {
    const { space } = knownAsset(request.known, other);
    for (const ordinal of ordinalsInPlan.get(other.key) ?? []) {
      dependsOn.add(stepKey(other.computation, space.keyOf(ordinal)));
    }
  }
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
  const still = new Set(inputs.map(({ asset: { key } }) => request.known.get(key)?.recordedAs ?? key));
  const causesOf = (asset: AssetDefinition): readonly StaleCause[] => {
    const current = request.view.exactly(knownAsset(request.known, asset), range)?.version;
    const changesSince = (since: string): readonly CodeChange[] =>
      request.codeChangesOf?.(asset, since) ?? [];
    const mismatches = current === undefined ? [] : schemaMismatches(asset, current);
    return staleCauses(current, request.codeVersionOf(asset), recorded, changesSince, mismatches).filter(
      (cause) => cause.cause !== "input removed" || !still.has(cause.input),
    );
  };
  return { causesOf, dependsOn: [...dependsOn], blocked };
}

/** Several outputs are mostly stale for the same reason. */
function distinctCauses(causes: readonly StaleCause[]): readonly StaleCause[] {
  return causes.length < 2
    ? causes
    : [...new Map(causes.map((cause) => [describeCause(cause), cause])).values()];
}
