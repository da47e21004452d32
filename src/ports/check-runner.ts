import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { Log } from "../core/asset/run-context.ts";
import type { CurrentVersion, VersionRecord } from "../core/catalog/version.ts";
import type { PartitionRange } from "../core/partition/range.ts";
import type { CheckedAssets } from "./state/checked-assets.ts";
import type { LaterEvaluation } from "./state/evaluation-store.ts";

export interface RecheckRequest {
  /** What everything is read from. */
  readonly snapshot: number;
  /** All that is current at it. */
  readonly current: readonly CurrentVersion[];
  readonly targets: readonly RecheckTarget[];
  readonly signal: AbortSignal;
  /** Told after they are kept: what was found of one asset. */
  readonly report: (evaluations: readonly LaterEvaluation[]) => void;
  /** For lines that checks log. */
  readonly logOf: (asset: string) => Log;
}

export interface RecheckTarget {
  readonly asset: AssetDefinition;
  /** Those of its current versions whose checks are asked. */
  readonly versions: readonly CurrentVersion[];
}

/** A place that is to move by hand: in a rollback, or in a release. */
export interface MovedPlace {
  readonly asset: AssetDefinition;
  readonly range: PartitionRange;
  /** What it is to point at; undefined: nothing any more. */
  readonly version: VersionRecord | undefined;
}

export interface MoveCheckRequest {
  /** The snapshot upon which they move. */
  readonly snapshot: number;
  /** All that may move, also what as of now would stay as it is. */
  readonly assets: readonly AssetDefinition[];
  /** What would move. Where two overlap, the later one wins. */
  readonly places: readonly MovedPlace[];
  readonly signal: AbortSignal;
  /** For lines that checks log. */
  readonly logOf: (asset: string) => Log;
}

/** Asks checks outside of runs. */
export interface CheckRunner {
  /**
   * Asks the checks of whole assets (N19) of every asset that moves, as it would be then. Keeps nothing: what they found
   * goes with the publish. Nothing is asked about an asset of which nothing is left.
   */
  checkMoves(request: MoveCheckRequest): Promise<CheckedAssets>;
  /** Attaches what it finds to the versions. Moves no pointer (N23). */
  recheck(request: RecheckRequest): Promise<readonly LaterEvaluation[]>;
}
