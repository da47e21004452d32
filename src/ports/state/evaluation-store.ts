import type { VersionState } from "../../core/catalog/version.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import type { Scope } from "./project-store.ts";

/** An evaluation and the version it is attached to. */
export interface EvaluationRecord extends CheckEvaluation {
  readonly range: PartitionRange;
  readonly state: VersionState;
}

/** An evaluation made outside of a run, and the key of the asset it is about. */
export interface LaterEvaluation extends CheckEvaluation {
  readonly asset: string;
}

/** What checks found, attached to versions. Those of a run are written with its changes. */
export interface EvaluationStore {
  /**
   * Attaches evaluations that were made outside of a run to their versions, with their events, and tells readers by the
   * catalog's head that there are newer ones. Moves no pointer.
   */
  record(scope: Scope, evaluations: readonly LaterEvaluation[]): Promise<void>;
  /** Of one check of an asset here, and then in the base (N11), also of rejected versions; the newest first. */
  history(scope: Scope, assetId: number, check: string, limit: number): Promise<readonly EvaluationRecord[]>;
}
