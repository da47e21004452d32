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
  version(versionId: string): Promise<VersionRecord | undefined>;
  /** Newest first. */
  versions(scope: Scope, assetId: number, limit: number): Promise<readonly VersionRecord[]>;
  evaluations(versionIds: readonly string[]): Promise<readonly CheckEvaluation[]>;
}
