import type { Scope } from "./project-store.ts";

/** An environment in a list. */
export interface EnvironmentRecord {
  readonly name: string;
  /** What it shows where it has nothing of its own; absent for the one that a project begins with. */
  readonly base?: { readonly environment: string; readonly snapshot: number };
  /** The newest snapshot, and when it was published. */
  readonly snapshot: number;
  readonly publishedAt: number;
  readonly createdAt: number;
  /** Assets of which it has something of its own now. */
  readonly ownAssets: number;
  /** Runs at work in it. */
  readonly runs: number;
  /** Names of the environments that are based on it, in order. */
  readonly children: readonly string[];
}

/** What an environment has of its own of one asset. */
export interface OwnAsset {
  readonly key: string;
  /** Partitions that it shows otherwise than its base. */
  readonly partitions: number;
  /** Partitions of which it shows nothing, whatever its base has. */
  readonly hidden: number;
}

/** The environments of a project (N11). */
export interface EnvironmentStore {
  /**
   * A new environment that shows `parent` as of `snapshot`, whose number it goes on from. Whatever the parent publishes
   * later does not show. Throws ENVIRONMENT_EXISTS; SNAPSHOT_GONE also where only some assets of that snapshot are kept.
   */
  create(parent: Scope, name: string, snapshot: number): Promise<Scope>;
  /** In order of making. */
  list(scope: Scope): Promise<readonly EnvironmentRecord[]>;
  /** In order of key. */
  ownAssets(scope: Scope): Promise<readonly OwnAsset[]>;
  /**
   * Gives an environment up: its name is free at once, and what only it needed goes with the next collection. Throws
   * ENVIRONMENT_IN_USE while runs are at work in it or environments are based on it, and for one that has no base.
   */
  drop(scope: Scope): Promise<void>;
}
