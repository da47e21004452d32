import { isExternal, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import { CatalogView } from "../../core/catalog/catalog-view.ts";
import { Holds } from "../../core/catalog/holds.ts";
import type { CurrentVersion } from "../../core/catalog/version.ts";
import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { outlinePlan } from "../../core/plan/outline-plan.ts";
import type { PlanOutput } from "../../core/plan/plan.ts";
import type { HeldOutputs, PlannedSteps } from "../../core/plan/plan-outline.ts";
import type { Observation } from "../../ports/state/observation-store.ts";
import { codeChangesSince } from "../planning/code-changes-since.ts";
import type { ControlContext } from "../control-context.ts";
import { resolveSnapshot } from "../snapshots/resolve-snapshot.ts";
import { lastObservations, observeSource } from "../sources/observe-source.ts";

/** An asset, or partitions of it, that are not fresh, for one and the same reason. */
export interface StaleOutputs
  extends Pick<PlannedSteps, "partitions" | "certainty">, Pick<PlanOutput, "causes"> {}

/** How things stand at a snapshot, for every asset of the project. */
export interface ProjectStatus {
  readonly snapshot: number;
  /** An older snapshot was asked for: nothing is said of staleness, which is about today. */
  readonly past: boolean;
  /** What is current of each asset, in order of partition. */
  readonly current: ReadonlyMap<AssetDefinition, readonly CurrentVersion[]>;
  /** What `materialize '*' --stale` would do to each asset; nothing to a fresh one. */
  readonly due: ReadonlyMap<AssetDefinition, readonly StaleOutputs[]>;
  /** What rollbacks hold of each asset (N17); it is not due, however stale it is. */
  readonly held: ReadonlyMap<AssetDefinition, readonly HeldOutputs[]>;
  /** What external assets looked like, now or (where they cannot be reached) when last seen. */
  readonly observed: ReadonlyMap<AssetDefinition, Observation>;
  /** External assets that cannot be reached, and why. */
  readonly unreachable: ReadonlyMap<AssetDefinition, MillraceError>;
}

/** Compares the catalog with today's code and sources. An unreachable source does not hinder: what was last seen counts. */
export async function projectStatus(context: ControlContext, asOf?: string): Promise<ProjectStatus> {
  const { state, scope, graph, known, clock } = context;
  const { number } = await resolveSnapshot(asOf, context);
  const past = asOf !== undefined;
  const pointers = await state.catalog.current(scope, number);
  const codeChangesOf = await codeChangesSince(
    pointers.map(({ version }) => version),
    context,
  );
  const { observed, unreachable } = await observeSources(context);
  const targets = graph.order.filter((asset) => !isExternal(asset));
  const plan =
    targets.length === 0 || past
      ? undefined
      : outlinePlan({
          selection: "*",
          targets,
          graph,
          known,
          view: new CatalogView(number, pointers),
          codeVersionOf: context.codeVersionOf,
          codeChangesOf,
          observedOf: (asset) => observed.get(asset)?.dataVersion,
          holds: new Holds(await state.holds.list(scope)),
          staleOnly: true,
          now: clock.now(),
        });
  const byId = Map.groupBy(pointers, (pointer) => pointer.version.assetId);
  const current = new Map(targets.map((asset) => [asset, byId.get(knownAsset(known, asset).assetId) ?? []]));
  const due = new Map<AssetDefinition, StaleOutputs[]>();
  for (const { outputs, partitions } of plan?.steps ?? []) {
    for (const { asset, causes, asked } of outputs) {
      if (!asked) continue;
      const ofAsset = due.get(asset);
      const certainty = causes.length > 0 ? "runs" : "may run";
      const output = { partitions, causes, certainty } as const;
      if (ofAsset === undefined) due.set(asset, [output]);
      else ofAsset.push(output);
    }
  }
  const held = Map.groupBy(plan?.held ?? [], (step) => step.asset);
  return { snapshot: number, past, current, due, held, observed, unreachable };
}

async function observeSources(
  context: ControlContext,
): Promise<Pick<ProjectStatus, "observed" | "unreachable">> {
  const { graph, known } = context;
  const external = graph.order.filter(isExternal);
  const latest = await lastObservations(external, context);
  const observed = new Map<AssetDefinition, Observation>();
  const unreachable = new Map<AssetDefinition, MillraceError>();
  for (const asset of external) {
    const before = latest.get(knownAsset(known, asset).assetId);
    if (before !== undefined) observed.set(asset, before);
    // A look calls nobody's code: what it would say is known since it was last asked.
    if (asset.body.body === "external" && asset.body.source?.format === "observed") continue;
    try {
      observed.set(asset, await observeSource(asset, before, context));
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      unreachable.set(asset, error);
    }
  }
  return { observed, unreachable };
}
