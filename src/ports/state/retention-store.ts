import type { Retention } from "../../core/catalog/retention.ts";
import type { Scope } from "./project-store.ts";

/** What a collection did, or would do. */
export interface Collected {
  /** Snapshots that are no longer kept. */
  readonly snapshots: number;
  /** Versions whose content nobody can need any longer. */
  readonly versions: number;
  /** Their files that no other version shares; they are removed a grace later. */
  readonly files: number;
  /** Bytes of these versions, as they were counted when they were made. */
  readonly bytes: number;
}

/** A file that no version needs any longer, and nobody can be reading. */
export interface DoomedFile {
  readonly store: string;
  readonly file: string;
}

/**
 * Giving up what is no longer needed (N18), in two phases. Condemning: from that transaction on nobody can begin to read
 * it. Removing: a grace later, when nobody can still be reading it. Each method does a bounded piece of work in one
 * transaction and is called until there is nothing left to do; all can be stopped anywhere, repeated, and run by
 * several processes at once.
 */
export interface RetentionStore {
  /** What condemning would come to; changes nothing. */
  preview(scope: Scope, retention: Retention): Promise<Collected>;
  /** Phase one, a piece for each transaction. */
  condemn(scope: Scope, retention: Retention): AsyncIterable<Collected>;
  /**
   * Phase two, for state: pointers, evaluations and values of what was condemned a grace ago, and what ops of runs gave
   * that have ended longer ago than is kept. Gives how many rows went.
   */
  prune(scope: Scope, retention: Retention): AsyncIterable<number>;
  /** Phase two, for stores: files that were doomed a grace ago and that no run which was at work then can be reading. */
  doomed(scope: Scope, graceMs: number, limit: number): Promise<readonly DoomedFile[]>;
  /** They are gone. */
  forget(scope: Scope, files: readonly DoomedFile[]): Promise<void>;
  /** Which of these ids are those of versions, packs or values of ops whose content is or may be there: current, kept, or being written. */
  living(ids: readonly string[], graceMs: number): Promise<ReadonlySet<string>>;
  /** Which of these files some version has in its location, or will be removed in time anyway. */
  known(files: readonly DoomedFile[]): Promise<ReadonlySet<string>>;
  /** Milliseconds since the epoch by the database's clock, and when the project was made. */
  times(scope: Scope): Promise<{ readonly now: number; readonly projectCreatedAt: number }>;
}
