import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import { aggregateDataVersion } from "../core/catalog/aggregate.ts";
import { readableParts, type ReadablePart } from "../core/catalog/readable-part.ts";
import { isSameLocation, madeAt, type CurrentVersion } from "../core/catalog/version.ts";
import type { CheckEvaluation } from "../core/check/evaluation.ts";
import { latestEvaluations } from "../core/check/latest-evaluations.ts";
import { layoutOf, type PackedLayout } from "../ports/table-parts.ts";
import type { KnownAsset } from "../core/plan/known-asset.ts";

/** What is current of one asset, as endpoints need it. Shared by all snapshots in which it stays the same. */
export interface AssetState {
  readonly asset: AssetDefinition;
  readonly current: readonly CurrentVersion[];
  readonly parts: readonly ReadablePart[];
  /** The aggregate of all its parts. */
  readonly dataVersion: string;
  /** How its versions lie, where some were packed. */
  readonly layout: PackedLayout | undefined;
  /** When its newest version was materialized. */
  readonly materializedAt: number;
  /** Runs that made it, the newest first. */
  readonly runs: readonly string[];
  readonly checks: { readonly passed: number; readonly failed: readonly string[] };
  /** As of which later evaluations (`CatalogHead.recheck`) `checks` tells. */
  readonly recheck: number;
}

export function assetState(
  asset: AssetDefinition,
  known: KnownAsset,
  current: readonly CurrentVersion[],
  found: Pick<AssetState, "checks" | "recheck">,
): AssetState {
  const parts = readableParts(current, known.space);
  const newestFirst = current.map(({ version }) => version).sort((a, b) => madeAt(b) - madeAt(a));
  return {
    asset,
    current,
    parts,
    layout: asset.kind === "table" ? layoutOf({ parts, columns: [] }) : undefined,
    dataVersion: aggregateDataVersion(
      current.map(({ range, version }) => ({ range, dataVersion: version.dataVersion ?? "" })),
    ),
    materializedAt: newestFirst[0] === undefined ? 0 : madeAt(newestFirst[0]),
    runs: [...new Set(newestFirst.map(({ runId }) => runId))],
    ...found,
  };
}

/** The last word of each check. */
export function checksFound(evaluations: readonly CheckEvaluation[]): Pick<AssetState, "checks"> {
  const latest = latestEvaluations(evaluations);
  const failed = latest.filter(({ passed }) => !passed);
  return {
    checks: { passed: latest.length - failed.length, failed: [...new Set(failed.map(({ check }) => check))] },
  };
}

/** Do both consist of the same versions at the same places, and does their content lie where it did? */
export function isSameState(state: AssetState, current: readonly CurrentVersion[]): boolean {
  return (
    state.current.length === current.length &&
    state.current.every((before, index) => {
      const now = current[index];
      return (
        now !== undefined &&
        now.version.id === before.version.id &&
        isSameLocation(now.version.location, before.version.location) &&
        now.range.from === before.range.from &&
        now.range.to === before.range.to &&
        now.range.slice === before.range.slice
      );
    })
  );
}
