import type { SnapshotRef } from "../../core/catalog/snapshot-ref.ts";
import type { CatalogHead } from "./catalog-store.ts";
import type { Scope } from "./project-store.ts";

/** A name that keeps a snapshot. */
export interface Pin {
  readonly name: string;
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

export interface SnapshotRecord {
  readonly number: number;
  readonly publishedAt: number;
  /** `branch`: an environment began with it, as the snapshot of the same number that it is based on. */
  readonly origin: "empty" | "branch" | "run" | "rollback" | "release";
  readonly runId?: string;
  /** Who rolled back or released, and why. */
  readonly actor?: string;
  readonly reason?: string;
  /** Whoever did so said: whatever checks and contracts say. */
  readonly forced: boolean;
  readonly pins: readonly Pin[];
  /** Runs at work that read it: they pin it too (N14). */
  readonly runs: number;
}

export interface SnapshotStore {
  /**
   * The snapshot that is meant, if it is kept. Of a time: the newest that was published at or before it; asked again it
   * is the same one, since time never runs backwards. Throws SNAPSHOT_NOT_FOUND for what never was, SNAPSHOT_GONE for
   * what is no longer kept.
   */
  resolve(scope: Scope, ref: SnapshotRef): Promise<CatalogHead>;
  /** Those that are kept, newest first; `before` is the last number of the page before. */
  list(
    scope: Scope,
    options: { readonly limit: number; readonly before?: number; readonly pinned?: boolean },
  ): Promise<readonly SnapshotRecord[]>;
  /**
   * Keeps a snapshot under a name. Harmless when it has the name already. Throws SNAPSHOT_GONE, SNAPSHOT_NOT_FOUND,
   * SNAPSHOT_NAME_TAKEN.
   */
  pin(scope: Scope, number: number, pin: Omit<Pin, "at">): Promise<void>;
  /** Gives the name up; gives the number it had. Throws SNAPSHOT_NOT_FOUND. */
  unpin(scope: Scope, name: string, by: string): Promise<number>;
}
