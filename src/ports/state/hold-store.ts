import type { HeldRange } from "../../core/catalog/hold.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import type { CheckedAssets } from "./checked-assets.ts";
import type { Scope } from "./project-store.ts";

/** An asset, or some ranges of it. */
export interface HoldTarget {
  readonly key: string;
  readonly assetId: number;
  readonly spaceId: number;
  /** All of it when absent. */
  readonly ranges?: readonly PartitionRange[];
}

export interface RollbackRequest {
  readonly targets: readonly HoldTarget[];
  /** Where to: what was current at a snapshot, one version, or for each place the version before its current one. */
  readonly to: { readonly snapshot: number } | { readonly versionId: string } | "earlier";
  readonly by: string;
  readonly reason: string;
  /** Also where an endpoint that is served cannot read what it goes back to (N20). Recorded. */
  readonly force?: boolean;
  /** Decide, and change nothing. */
  readonly dryRun?: boolean;
  /** What checks of whole assets have seen: it takes place only if that is what becomes current (N19). */
  readonly checked?: CheckedAssets;
}

/** A place whose pointer a rollback has moved. */
export interface RolledBack {
  readonly key: string;
  readonly range: PartitionRange;
  /** Absent where there was, or now is, nothing. */
  readonly from?: string;
  readonly to?: string;
}

export interface RollbackResult {
  /** The snapshot that it made, or (nothing to do, or a dry run) the newest one. */
  readonly snapshot: number;
  readonly moves: readonly RolledBack[];
}

export interface ReleaseRequest {
  readonly targets: readonly HoldTarget[];
  readonly by: string;
  readonly reason: string;
  /** Publish the newest version that waits at each place, unless it comes too late (N15). */
  readonly publish?: boolean;
  /** Publish also where an endpoint that is served cannot read what waits (N20). Recorded. */
  readonly force?: boolean;
  /** Decide, and change nothing. */
  readonly dryRun?: boolean;
  /** What checks of whole assets have seen: it takes place only if that is what becomes current (N19). */
  readonly checked?: CheckedAssets;
}

export interface ReleaseResult {
  /** Places that are no longer held. */
  readonly released: readonly { readonly key: string; readonly range: PartitionRange }[];
  /** The snapshot that it made, or (a dry run) would make; absent when nothing was published. */
  readonly snapshot?: number;
  /** In the order in which they were made: where two overlap, the later one is current. */
  readonly published: readonly string[];
  readonly superseded: readonly string[];
  /** Versions that were left staged while the place was held, and still are. */
  readonly waiting: readonly string[];
}

/** Rolling back, and the holds that it leaves (N17). */
export interface HoldStore {
  /**
   * Points places back to what they were, in one publish, and holds them there. A place that is as it should be already
   * is not touched. Throws ROLLBACK_IMPOSSIBLE naming every asset that has no such past, SNAPSHOT_GONE,
   * VERSION_NOT_FOUND, VERSION_AMBIGUOUS, VERSION_NEVER_CURRENT, SCHEMA_MIXED, CONTRACT_BROKEN, CHECKS_OVERTAKEN; then
   * nothing has changed.
   */
  rollBack(scope: Scope, request: RollbackRequest): Promise<RollbackResult>;
  /**
   * Ends holds. What was left staged stays so unless `publish` is asked for. Throws SCHEMA_MIXED, CONTRACT_BROKEN,
   * CHECKS_OVERTAKEN; then nothing has changed.
   */
  release(scope: Scope, request: ReleaseRequest): Promise<ReleaseResult>;
  /** What is held now, in order of asset and range; of some assets or all. */
  list(scope: Scope, assetIds?: readonly number[]): Promise<readonly HeldRange[]>;
}
