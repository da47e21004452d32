import { isExternal, type AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import type { VersionPiece } from "../catalog/catalog-view.ts";
import type { HeldRange, Hold } from "../catalog/hold.ts";
import { MillraceError } from "../errors.ts";
import { RangeCursor } from "../partition/range-cursor.ts";
import { RangeSet } from "../partition/range-set.ts";
import type { PartitionRange } from "../partition/range.ts";
import { CauseFinder } from "./cause-finder.ts";
import { InputCoverage } from "./input-coverage.ts";
import { knownAsset } from "./known-asset.ts";
import { leftBehind } from "./left-behind.ts";
import type { PlanOutput } from "./plan.ts";
import type { PlanRequest } from "./plan-request.ts";
import type { BlockedSteps, HeldOutputs, LeftPartitions, PlannedSteps, PlanOutline } from "./plan-outline.ts";
import { describeCause, type StaleCause } from "./stale-cause.ts";
import { refusePartitions, wantedRanges } from "./wanted-ranges.ts";

/**
 * Decides what a run does, by sets of partitions. Pure: the same catalog, code and request give the same outline. Goes
 * along what is current of outputs and inputs at once, and decides for each stretch in which neither changes.
 */
export function outlinePlan(request: PlanRequest): PlanOutline {
  const targets = new Set(request.targets.filter((asset) => !isExternal(asset)));
  if (targets.size === 0 && request.targets.length > 0)
    throw new MillraceError("SELECTION_EXTERNAL", { selection: request.selection });
  refusePartitions(
    request.graph.order.filter((asset) => targets.has(asset)),
    request.partitions,
  );
  const planned = new Map<AssetDefinition, RangeSet>();
  const steps: PlannedSteps[] = [];
  const blocked: BlockedSteps[] = [];
  const without: BlockedSteps[] = [];
  const held: HeldOutputs[] = [];
  const left: LeftPartitions[] = [];
  let fresh = 0;
  for (const computation of request.graph.computations) {
    const asked = computation.outputs.map(({ asset }) => asset).filter((asset) => targets.has(asset));
    const [first] = asked;
    if (first === undefined) continue;
    const part = outlineComputation(computation, asked, wantedRanges(first, request), planned, request);
    steps.push(...part.steps);
    blocked.push(...part.blocked);
    without.push(...part.without);
    held.push(...part.held);
    fresh += part.fresh;
    for (const { asset } of computation.outputs) {
      const made = part.steps.filter(({ outputs }) => outputs.some((output) => output.asset === asset));
      if (made.length > 0)
        planned.set(asset, RangeSet.of(made.flatMap(({ partitions }) => partitions.ranges)));
      left.push(...leftBehind(asset, planned.get(asset), request));
    }
  }
  return Object.freeze({
    selection: request.selection,
    snapshot: request.view.snapshot,
    steps,
    blocked,
    without,
    leftBehind: left,
    held,
    retired: request.retired ?? [],
    ...(request.fullRefresh === true ? { fullRefresh: true } : {}),
    fresh,
  });
}

type Outlined = Pick<PlanOutline, "steps" | "blocked" | "without" | "held" | "fresh">;

function outlineComputation(
  computation: Computation,
  asked: readonly AssetDefinition[],
  wanted: RangeSet,
  planned: ReadonlyMap<AssetDefinition, RangeSet>,
  request: PlanRequest,
): Outlined {
  const { holds, view, known } = request;
  const outputs = computation.outputs.map(({ asset }) => asset);
  const together = computation.subset ? asked : outputs;
  const finder = new CauseFinder(computation, request);
  const inputs = new InputCoverage(computation, planned, request);
  const pieces = outputs.map(
    (asset) => new RangeCursor<VersionPiece>(view.pieces(knownAsset(known, asset)), (piece) => piece.range),
  );
  const holders = together.map(
    (asset) => new RangeCursor<HeldRange>(holds.of(knownAsset(known, asset)), (hold) => hold.range),
  );
  const cursors = [...pieces, ...holders, inputs.cursor];
  const stretches = new Map<string, Stretch>();
  let last: Stretch | undefined;
  for (const range of wanted.ranges) {
    const { slice } = range;
    for (let from = range.from; from < range.to;) {
      const causes = outputs.map((asset, index) =>
        finder.of(asset, pieces[index]?.seek(slice, from)?.version),
      );
      const own = holders.map((cursor) => cursor.seek(slice, from)?.hold);
      const waits = inputs.waitsAt(slice, from);
      let to = range.to;
      for (const cursor of cursors) to = cursor.border(slice, from, to);
      if (last === undefined || !isAlike(last, causes, own, waits)) {
        const key = `${waits} ${causes.map((one) => finder.numberOf(one)).join()} ${own.map(holdKey).join("\n")}`;
        last = stretches.get(key);
        if (last === undefined) stretches.set(key, (last = { causes, holds: own, waits, ranges: [] }));
      }
      extend(last.ranges, slice, from, to);
      from = to;
    }
  }
  const decided = [...stretches.values()].map((stretch) =>
    decide(computation, asked, together, stretch, request),
  );
  const steps = decided.flatMap((one) => one.steps);
  const runs = RangeSet.of(steps.flatMap(({ partitions }) => partitions.ranges));
  return {
    steps,
    held: decided.flatMap((one) => one.held),
    ...(runs.isEmpty ? { blocked: [], without: [] } : inputs.lacking(runs)),
    fresh: decided.reduce((sum, one) => sum + one.fresh, 0),
  };
}

/** Partitions of which all is alike: why each output is stale, what holds it, whether anything upstream is planned. */
interface Stretch {
  /** In the order of the computation's outputs. */
  readonly causes: readonly (readonly StaleCause[])[];
  /** In the order of the outputs that go together. */
  readonly holds: readonly (Hold | undefined)[];
  readonly waits: boolean;
  readonly ranges: PartitionRange[];
}

/** The finder gives equal causes as one object. */
function isAlike(
  stretch: Stretch,
  causes: Stretch["causes"],
  holds: Stretch["holds"],
  waits: boolean,
): boolean {
  return (
    stretch.waits === waits &&
    stretch.causes.every((one, index) => one === causes[index]) &&
    stretch.holds.every((one, index) => one === holds[index])
  );
}

function holdKey(hold: Hold | undefined): string {
  return hold === undefined ? "" : JSON.stringify([hold.by, hold.reason, hold.at]);
}

function extend(ranges: PartitionRange[], slice: string, from: number, to: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && last.slice === slice && last.to === from)
    ranges[ranges.length - 1] = { slice, from: last.from, to };
  else ranges.push({ slice, from, to });
}

function decide(
  computation: Computation,
  asked: readonly AssetDefinition[],
  together: readonly AssetDefinition[],
  stretch: Stretch,
  { staleOnly, known }: PlanRequest,
): Pick<Outlined, "steps" | "held" | "fresh"> {
  const partitions = RangeSet.of(stretch.ranges);
  const [output] = computation.outputs;
  if (output === undefined) return { steps: [], held: [], fresh: 0 };
  const { space } = knownAsset(known, output.asset);
  const causes = new Map(computation.outputs.map(({ asset }, index) => [asset, stretch.causes[index] ?? []]));
  const causesOf = (asset: AssetDefinition): readonly StaleCause[] => causes.get(asset) ?? [];
  const held = holdsOver(computation, together, stretch.holds).map(({ asset, hold }) => ({
    computation,
    space,
    partitions,
    asset,
    hold,
    causes: causesOf(asset),
  }));
  const free = staleOnly ? asked.filter((asset) => !held.some((one) => one.asset === asset)) : asked;
  const isDue = (asset: AssetDefinition): boolean => stretch.waits || causesOf(asset).length > 0;
  const wanted = staleOnly ? free.filter(isDue) : asked;
  const fresh =
    wanted.length === 0 || computation.subset ? (free.length - wanted.length) * partitions.count : 0;
  if (wanted.length === 0) return { steps: [], held, fresh };
  const outputs = computation.outputs.flatMap(({ asset }): PlanOutput[] => {
    const isAsked = wanted.includes(asset);
    if (!isAsked && computation.subset) return [];
    return [{ asset, asked: isAsked, causes: causesOf(asset) }];
  });
  const why = distinctCauses(outputs.flatMap((one) => (one.asked ? one.causes : [])));
  const certainty = staleOnly && why.length === 0 ? "may run" : "runs";
  return { steps: [{ computation, space, partitions, outputs, certainty, causes: why }], held, fresh };
}

/** What is held keeps what comes out of the same step, which could not be published without it (N16, N17). */
function holdsOver(
  { subset }: Computation,
  assets: readonly AssetDefinition[],
  holds: readonly (Hold | undefined)[],
): readonly { readonly asset: AssetDefinition; readonly hold: Hold }[] {
  const other = subset ? undefined : holds.find((hold) => hold !== undefined);
  return assets.flatMap((asset, index) => {
    const hold = holds[index] ?? other;
    return hold === undefined ? [] : { asset, hold };
  });
}

/** Several outputs are mostly stale for the same reason. */
function distinctCauses(causes: readonly StaleCause[]): readonly StaleCause[] {
  return causes.length < 2
    ? causes
    : [...new Map(causes.map((cause) => [describeCause(cause), cause])).values()];
}
