import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { CheckDefinition } from "../core/check/check-definition.ts";
import type { OpDefinition } from "../core/op/op-definition.ts";
import type { RunHooks } from "../core/hook/hook.ts";
import type { KnownAsset } from "../core/plan/known-asset.ts";
import type { StepPolicy } from "../core/run/step-policy.ts";
import type { RunProgress } from "../core/run/run-progress.ts";
import type { AssetReader } from "../ports/asset-reader.ts";
import type { Clock } from "../ports/clock.ts";
import type { CrashPoints } from "../ports/crash-points.ts";
import type { ExternalSources } from "../ports/external-sources.ts";
import type { ResourcePool } from "../ports/resource-pool.ts";
import type { RunWatch } from "../ports/run-watch.ts";
import type { State } from "../ports/state.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { TableEngine, VersionStore } from "../ports/table-engine.ts";

/** All that executing a run needs from the world. */
export interface EngineOptions {
  readonly scope: Scope;
  readonly state: State;
  readonly tables: TableEngine;
  readonly store: VersionStore;
  readonly reader: AssetReader;
  readonly sources: ExternalSources;
  readonly resources: ResourcePool;
  readonly clock: Clock;
  readonly crashPoints: CrashPoints;
  readonly watch: RunWatch;
  readonly known: ReadonlyMap<string, KnownAsset>;
  readonly checksOf: (asset: AssetDefinition) => readonly CheckDefinition[];
  readonly codeVersionOf: (asset: AssetDefinition) => string;
  /** How the project has steps tried that do not say so themselves. */
  readonly defaults: StepPolicy;
  readonly opCodeVersionOf: (op: OpDefinition) => string;
  /** Those of the project. */
  readonly hooks: RunHooks;
  /** Steps at work at once. The table engine bounds its own queries besides. */
  readonly concurrency: number;
  readonly report: (progress: RunProgress) => void;
}
