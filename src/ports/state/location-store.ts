import type { Location } from "../../core/catalog/version.ts";
import type { Scope } from "./project-store.ts";

/** A version that is to lie elsewhere. */
export interface LocationMove {
  readonly versionId: string;
  /** Where it lay when its content was read: a version that does not lie there any more is left alone. */
  readonly from: Location;
  readonly to: Location;
}

export interface Rewriting {
  /** Key of the asset, for the event. */
  readonly asset: string;
  /** Id of the pack that was intended, and how long it is. */
  readonly pack: string;
  readonly bytes: number;
  readonly moves: readonly LocationMove[];
}

export interface Rewritten {
  /** Versions that lie elsewhere now; also those that had the very same location as one that was named (N4). */
  readonly versions: number;
  /** Files that nobody needs any more; they are removed a grace later. */
  readonly files: number;
}

/** Locations of versions may be rewritten without new versions (N1): snapshots, data versions and provenance stay. */
export interface LocationStore {
  /**
   * Says that a pack will be written under a path with this id (N2), whose bytes nobody removes for `leaseMs` by the
   * database's clock. If no version has it then, it is nobody's any more.
   */
  intend(scope: Scope, pack: string, leaseMs: number): Promise<void>;
  /** It will not be written after all. */
  withdraw(scope: Scope, pack: string): Promise<void>;
  /**
   * Versions have their content in the intended pack from now on, all in one transaction. What only they had of the
   * files before is doomed (N18). Nothing happens to versions that were condemned or rewritten in the meantime.
   *
   * @returns undefined, and nothing has happened, when the intent has expired and somebody has seen that
   */
  rewrite(scope: Scope, rewriting: Rewriting): Promise<Rewritten | undefined>;
}
