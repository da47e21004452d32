import { isExternal, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { RunConfig } from "../../core/config/run-config.ts";
import { CatalogView } from "../../core/catalog/catalog-view.ts";
import type { CurrentVersion } from "../../core/catalog/version.ts";
import { Holds } from "../../core/catalog/holds.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { expandPlan } from "../../core/plan/expand-plan.ts";
import { outlinePlan } from "../../core/plan/outline-plan.ts";
import { retirements, type Retired } from "../../core/plan/retirement.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { PlanOutline } from "../../core/plan/plan-outline.ts";
import type { PartitionRequest } from "../../core/plan/wanted-ranges.ts";
import { chooseAssets } from "./choose.ts";
import { codeChangesSince } from "./code-changes-since.ts";
import type { ControlContext } from "../control-context.ts";
import { lastObservations, observeSource } from "../sources/observe-source.ts";

export interface MaterializeRequest {
  /** Which assets; see `select`. */
  readonly selection: string;
  /** One partition, or a stretch of them; all when absent. */
  readonly partitions?: PartitionRequest;
  /** Only what is missing or made from other code or inputs than today's. */
  readonly staleOnly?: boolean;
  /** What the run is given, merged from all who gave some; nothing when absent. */
  readonly config?: RunConfig;
  /** Make appending assets anew instead of adding to them. */
  readonly fullRefresh?: boolean;
}

/** What a materialization would do, and the external content that this was decided on. */
export interface Prepared extends Outlined {
  readonly plan: Plan;
}

/** The same by sets of partitions, before it is gone into step by step. */
export interface Outlined {
  readonly outline: PlanOutline;
  /** When it was decided: partitions are those that there were then. */
  readonly now: number;
  readonly targets: readonly AssetDefinition[];
  /** Data versions. */
  readonly observed: ReadonlyMap<AssetDefinition, string>;
}

export async function planMaterialization(
  request: MaterializeRequest,
  context: ControlContext,
): Promise<Prepared> {
  const outlined = await outlineMaterialization(request, context);
  return { ...outlined, plan: expandOutline(outlined, context) };
}

export function expandOutline(
  { outline, now }: Pick<Outlined, "outline" | "now">,
  { graph, known }: ControlContext,
): Plan {
  return expandPlan(outline, { graph, known, now });
}

/** Decides what a materialization would do, on the newest snapshot. Changes nothing but the note of what was observed. */
export async function outlineMaterialization(
  request: MaterializeRequest,
  context: ControlContext,
): Promise<Outlined> {
  const { state, scope, graph, known, clock } = context;
  const now = clock.now();
  const targets = await chooseAssets(request.selection, context);
  const { number } = await state.catalog.head(scope);
  const current = await state.catalog.current(scope, number);
  const codeChangesOf = await codeChangesSince(
    current.map(({ version }) => version),
    context,
  );
  const observed = await observeInputs(targets, context);
  const outline = outlinePlan({
    selection: request.selection,
    targets,
    graph,
    known,
    view: new CatalogView(number, current),
    codeVersionOf: context.codeVersionOf,
    codeChangesOf,
    observedOf: (asset) => observed.get(asset),
    retired: await findRetired(current, context),
    holds: new Holds(await state.holds.list(scope)),
    ...(request.partitions === undefined ? {} : { partitions: request.partitions }),
    staleOnly: request.staleOnly ?? false,
    fullRefresh: request.fullRefresh ?? false,
    now,
  });
  return { outline, now, targets, observed };
}

async function findRetired(
  current: readonly CurrentVersion[],
  { state, scope, graph, known, clock }: ControlContext,
): Promise<readonly Retired[]> {
  const ours = new Set([...known.values()].map(({ assetId }) => assetId));
  const others = new Set(current.map(({ version }) => version.assetId).filter((id) => !ours.has(id)));
  const keys =
    others.size === 0 ? new Map<number, string>() : await state.catalog.assetKeys(scope, [...others]);
  return retirements(current, graph, known, keys, clock.now());
}

/** Data versions of the external assets that the targets read, as they are now. */
async function observeInputs(
  targets: readonly AssetDefinition[],
  context: ControlContext,
): Promise<ReadonlyMap<AssetDefinition, string>> {
  const external = [...new Set(targets.flatMap((asset) => [...asset.dependencies.values()]))].filter(
    isExternal,
  );
  const latest = await lastObservations(external, context);
  const observed = new Map<AssetDefinition, string>();
  for (const asset of external) {
    const before = latest.get(knownAsset(context.known, asset).assetId);
    observed.set(asset, (await observeSource(asset, before, context)).dataVersion);
  }
  return observed;
}
