import type { CatalogStore } from "./state/catalog-store.ts";
import type { EvaluationStore } from "./state/evaluation-store.ts";
import type { CodeStore } from "./state/code-store.ts";
import type { ContractStore } from "./state/contract-store.ts";
import type { EnvironmentStore } from "./state/environment-store.ts";
import type { EventStore } from "./state/event-store.ts";
import type { HoldStore } from "./state/hold-store.ts";
import type { LocationStore } from "./state/location-store.ts";
import type { ObservationStore } from "./state/observation-store.ts";
import type { ProjectStore } from "./state/project-store.ts";
import type { RetentionStore } from "./state/retention-store.ts";
import type { RunStore } from "./state/run-store.ts";
import type { SnapshotStore } from "./state/snapshot-store.ts";

/**
 * The control plane's state: the only truth about runs, versions and what is current. Every method is one short
 * transaction that has committed (durably: it survives `kill -9`, and a power cut too) when its promise resolves.
 * Times are milliseconds since the epoch, taken from the database's own clock where a lease depends on them (N35).
 */
export interface State {
  readonly projects: ProjectStore;
  readonly environments: EnvironmentStore;
  readonly catalog: CatalogStore;
  readonly retention: RetentionStore;
  readonly locations: LocationStore;
  readonly evaluations: EvaluationStore;
  readonly runs: RunStore;
  readonly holds: HoldStore;
  readonly snapshots: SnapshotStore;
  readonly contracts: ContractStore;
  readonly observations: ObservationStore;
  readonly events: EventStore;
  readonly code: CodeStore;
  close(): Promise<void>;
}
