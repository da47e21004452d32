import { isExternal, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import { madeAt, type CurrentVersion, type VersionRecord } from "../../core/catalog/version.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { describeHold } from "../../core/catalog/hold.ts";
import { RangeSet } from "../../core/partition/range-set.ts";
import { describeCause, type StaleCause } from "../../core/plan/stale-cause.ts";
import type { ControlContext } from "../control-context.ts";
import { isoTime } from "../iso-time.ts";
import type { ProjectStatus } from "./project-status.ts";

/** One asset in a list. Times are ISO 8601. */
export interface AssetSummary {
  readonly key: string;
  readonly kind: "table" | "value" | "file";
  readonly external: boolean;
  readonly description: string | undefined;
  readonly group: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly owners: readonly string[];
  /** Absent for an asset without partitions. */
  readonly partitions: PartitionSummary | undefined;
  /** Absent for an external asset, and at a snapshot that was asked for: staleness is about today. */
  readonly staleness: StalenessSummary | undefined;
  /** When the newest current version was made. */
  readonly lastMaterialized: string | undefined;
  /** When an external asset was last seen to change. */
  readonly lastObserved: string | undefined;
  /** Of all current versions together; tables only. */
  readonly rowCount: number | undefined;
  readonly bytes: number | undefined;
  /** Why an external asset cannot be reached. */
  readonly problem: string | undefined;
}

export interface PartitionSummary {
  readonly kind: "time" | "static";
  readonly unit: "day" | "month" | undefined;
  readonly first: string | undefined;
  readonly last: string | undefined;
  readonly count: number;
  readonly materialized: number;
}

/** How many partitions are what; an unpartitioned asset counts as one. */
export interface StalenessSummary {
  /** The worst that holds of any partition; `missing` only when all are. */
  readonly status: "fresh" | "held" | "upstream stale" | "stale" | "missing";
  readonly fresh: number;
  /** Made from other code or inputs than today's. */
  readonly stale: number;
  /** Not stale themselves, but something they read is. */
  readonly upstreamStale: number;
  readonly missing: number;
  /** Kept where they are by a rollback, however stale they are. */
  readonly held: number;
  /** Who holds them, and why. */
  readonly holds: readonly string[];
  readonly causes: readonly string[];
}

export function summarizeAsset(
  asset: AssetDefinition,
  status: ProjectStatus,
  context: ControlContext,
): AssetSummary {
  const { space } = knownAsset(context.known, asset);
  const now = context.clock.now();
  const defined = space.ranges(now);
  const staleness = isExternal(asset) || status.past ? undefined : assetStaleness(asset, status, context);
  const heldEmpty = countOf((status.held.get(asset) ?? []).filter(isMissing));
  const versions = currentVersions(asset, status);
  const observed = status.observed.get(asset);
  const made = versions.map(madeAt);
  const { partitions } = asset;
  const keyAt = (index: number): string | undefined => {
    const ordinal = space.at(index, now);
    return ordinal === undefined ? undefined : space.keyOf(ordinal);
  };
  return {
    key: asset.key,
    kind: asset.kind,
    external: isExternal(asset),
    description: asset.description,
    group: asset.group,
    tags: asset.tags,
    owners: asset.owners,
    partitions:
      partitions.kind === "none"
        ? undefined
        : {
            kind: partitions.kind,
            unit: partitions.kind === "time" ? partitions.unit : undefined,
            first: keyAt(0),
            last: keyAt(-1),
            count: defined.count,
            materialized: status.past
              ? materialized(defined, status.current.get(asset) ?? [])
              : defined.count - (staleness?.missing ?? 0) - heldEmpty,
          },
    staleness,
    lastMaterialized:
      made.length === 0 ? undefined : isoTime(made.reduce((newest, at) => Math.max(newest, at), 0)),
    lastObserved: observed === undefined ? undefined : isoTime(observed.observedAt),
    rowCount: total(versions.map((version) => version.rowCount)),
    bytes: total(versions.map((version) => version.bytes)),
    problem: status.unreachable.get(asset)?.message,
  };
}

/** A version that holds several ranges counts once. */
function currentVersions(asset: AssetDefinition, status: ProjectStatus): readonly VersionRecord[] {
  const pointers = status.current.get(asset) ?? [];
  return [...new Map(pointers.map(({ version }) => [version.id, version])).values()];
}

/** How the partitions of an asset stand that is made here. */
export function assetStaleness(
  asset: AssetDefinition,
  status: ProjectStatus,
  { known, clock }: Pick<ControlContext, "known" | "clock">,
): StalenessSummary {
  const count = knownAsset(known, asset).space.count(clock.now());
  const due = status.due.get(asset) ?? [];
  const held = status.held.get(asset) ?? [];
  const missing = countOf(due.filter(isMissing));
  const upstreamStale = countOf(due.filter((steps) => steps.certainty === "may run"));
  const stale = countOf(due) - missing - upstreamStale;
  const heldCount = countOf(held);
  const causes = new Set(due.flatMap((step) => step.causes.map(describeCause)));
  const worst: [boolean, StalenessSummary["status"]][] = [
    [count > 0 && missing === count, "missing"],
    [stale + missing > 0, "stale"],
    [upstreamStale > 0, "upstream stale"],
    [heldCount > 0, "held"],
  ];
  return {
    status: worst.find(([holds]) => holds)?.[1] ?? "fresh",
    fresh: count - countOf(due) - heldCount,
    stale,
    upstreamStale,
    missing,
    held: heldCount,
    holds: [...new Set(held.map(({ hold }) => describeHold(hold)))],
    causes: [...causes],
  };
}

function isMissing({ causes }: { readonly causes: readonly StaleCause[] }): boolean {
  return causes.some(({ cause }) => cause === "missing");
}

/** How many of the partitions are there. */
function materialized(defined: RangeSet, current: readonly CurrentVersion[]): number {
  return defined.intersection(RangeSet.of(current.map(({ range }) => range))).count;
}

function countOf(groups: readonly { readonly partitions: RangeSet }[]): number {
  return groups.reduce((sum, { partitions }) => sum + partitions.count, 0);
}

function total(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, number) => sum + number, 0);
}
