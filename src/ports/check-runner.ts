import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { CurrentVersion } from "../core/catalog/version.ts";
import type { Log } from "../core/asset/run-context.ts";
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

/** Asks the checks of versions that are published already. */
export interface CheckRunner {
  /** Attaches what it finds to the versions. Moves no pointer (N23). */
  recheck(request: RecheckRequest): Promise<readonly LaterEvaluation[]>;
}
