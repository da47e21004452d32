import type { State } from "../ports/state.ts";
import { SqlCatalogStore } from "./catalog/catalog-store.ts";
import { SqlCodeStore } from "./code-store.ts";
import { SqlContractStore } from "./publish/contract-store.ts";
import type { Database } from "./database/database.ts";
import { SqlEvaluationStore } from "./checks/evaluation-store.ts";
import { SqlEnvironmentStore } from "./environments/environment-store.ts";
import { SqlEventStore } from "./events/event-store.ts";
import { SqlHoldStore } from "./holds/hold-store.ts";
import { SqlLocationStore } from "./locations/location-store.ts";
import { migrate } from "./database/migrate.ts";
import { SqlObservationStore } from "./observations/observation-store.ts";
import { SqlProjectStore } from "./projects/project-store.ts";
import { SqlRetentionStore } from "./retention/retention-store.ts";
import { SqlRunStore } from "./runs/run-store.ts";
import { SqlSnapshotStore } from "./snapshots/snapshot-store.ts";

/** The state that lives in a database, after bringing its schema up to date. */
export async function openState(database: Database): Promise<State> {
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    projects: new SqlProjectStore(database),
    environments: new SqlEnvironmentStore(database),
    catalog: new SqlCatalogStore(database),
    retention: new SqlRetentionStore(database),
    locations: new SqlLocationStore(database),
    evaluations: new SqlEvaluationStore(database),
    runs: new SqlRunStore(database),
    holds: new SqlHoldStore(database),
    snapshots: new SqlSnapshotStore(database),
    contracts: new SqlContractStore(database),
    observations: new SqlObservationStore(database),
    events: new SqlEventStore(database),
    code: new SqlCodeStore(database),
    close: () => database.close(),
  };
}
