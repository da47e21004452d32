import type { PlacedAsset } from "../../core/catalog/catalog-view.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import type { CurrentVersion, VersionRecord } from "../../core/catalog/version.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import type { Scope } from "./project-store.ts";

/** The newest snapshot of an environment. */
export interface CatalogHead {
  /** Changes only when the environment's history is no longer the same one (restored from a backup, say). N13 */
  readonly epoch: string;
  readonly number: number;
  /** When that snapshot was published; 0 for the empty snapshot 0. */
  readonly publishedAt: number;
  /** Grows when checks of what is published are asked again; the snapshot stays the same then. */
  readonly recheck: number;
  /** Grows when locations of versions are rewritten (N1): the snapshot stays the same, and its content lies elsewhere. */
  readonly arrangement: number;
}

/** All that is current of one asset at a snapshot, in a few numbers; read without looking at its partitions (N10). */
export interface CurrentSummary {
  readonly spaceId: number;
  /** The aggregate of its pieces: what `aggregateDataVersion` gives for them. */
  readonly dataVersion: string;
  /** How many partitions are there. */
  readonly partitions: number;
  /** Absent where a version holds for a part of its range only, and its rows were not counted by partition. */
  readonly rowCount?: number;
}

/** A version and the part of its range that is meant. */
export interface PlacedVersion {
  readonly range: PartitionRange;
  readonly version: VersionRecord;
}

export interface VersionOptions {
  /** Only those made before this one: the next page. */
  readonly before?: string;
  /** Only those that hold some of this. */
  readonly within?: { readonly spaceId: number; readonly range: PartitionRange };
}

/** What is current of some assets at one snapshot. */
export interface CatalogStore {
  /** Read by every request: must be as cheap as the database allows. */
  head(scope: Scope): Promise<CatalogHead>;
  /**
   * Every pointer valid at `snapshot` for these assets (all assets when absent), with the version it points at.
   * Ordered by asset, slice and first partition. Throws SNAPSHOT_GONE for a number that is not kept or not yet there.
   */
  current(scope: Scope, snapshot: number, assetIds?: readonly number[]): Promise<readonly CurrentVersion[]>;
  /** By asset id; assets without anything current are left out. Throws SNAPSHOT_GONE as `current` does. */
  summaries(
    scope: Scope,
    snapshot: number,
    assetIds?: readonly number[],
  ): Promise<ReadonlyMap<number, CurrentSummary>>;
  /** Keys of assets, also of those that the project no longer has. */
  assetKeys(scope: Scope, assetIds: readonly number[]): Promise<ReadonlyMap<number, string>>;
  version(versionId: string): Promise<VersionRecord | undefined>;
  /** By id; those that there are. */
  versionsWithIds(versionIds: readonly string[]): Promise<ReadonlyMap<string, VersionRecord>>;
  /** Newest first. */
  versions(
    scope: Scope,
    assetId: number,
    limit: number,
    options?: VersionOptions,
  ): Promise<readonly VersionRecord[]>;
  /** For each place of an asset the newest version that was current there before the one that is. */
  earlier(scope: Scope, asset: PlacedAsset): Promise<readonly PlacedVersion[]>;
  /** Versions of an asset whose ids begin so; a few, when there are more. */
  findVersions(assetId: number, prefix: string): Promise<readonly VersionRecord[]>;
  /** What checks said of versions here, and in the base until the environment began (N11). In the order it was said. */
  evaluations(scope: Scope, versionIds: readonly string[]): Promise<readonly CheckEvaluation[]>;
}
