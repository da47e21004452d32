import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { Variables } from "../core/config/variables.ts";
import type { JobDefinition } from "../core/job/job-definition.ts";
import type { KnownAsset } from "../core/plan/known-asset.ts";
import type { ProjectGraph } from "../core/project/project-graph.ts";
import type { ResourceConfig } from "../core/resource/configured-resource.ts";
import type { ResourceDefinition } from "../core/resource/resource-definition.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import type { CheckRunner } from "../ports/check-runner.ts";
import type { Clock } from "../ports/clock.ts";
import type { CrashPoints } from "../ports/crash-points.ts";
import type { ExternalSources } from "../ports/external-sources.ts";
import type { ProjectCode } from "../ports/project-code.ts";
import type { ProcessTable } from "../ports/process-table.ts";
import type { RunLauncher } from "../ports/run-launcher.ts";
import type { State } from "../ports/state.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { VersionStore } from "../ports/table-engine.ts";

/** A loaded project over its state: what every use case works on. */
export interface ControlContext {
  readonly project: ProjectDefinition;
  readonly graph: ProjectGraph;
  readonly scope: Scope;
  readonly state: State;
  readonly known: ReadonlyMap<string, KnownAsset>;
  readonly sources: ExternalSources;
  readonly launcher: RunLauncher;
  readonly checker: CheckRunner;
  readonly processes: ProcessTable;
  readonly clock: Clock;
  /** Environment variables, for the config of runs. */
  readonly variables: Variables;
  /**
   * What the project configures its resources with in this environment.
   *
   * @throws ENVIRONMENT_VARIABLES_MISSING with all of them, PROJECT_INVALID
   */
  readonly resourceConfigs: () => ReadonlyMap<ResourceDefinition, ResourceConfig>;
  /** How long a run stays somebody's without a sign of life. */
  readonly leaseMs: number;
  readonly crashPoints: CrashPoints;
  /** Where versions lie; opened when first asked for. */
  readonly openStore: () => Promise<VersionStore>;
  readonly codeVersionOf: (asset: AssetDefinition) => string;
  readonly jobCodeVersionOf: (job: JobDefinition) => string;
  readonly code: ProjectCode;
}
