import type { State } from "../ports/state.ts";
import { SqlCatalogStore } from "./catalog-store.ts";
import { SqlCodeStore } from "./code-store.ts";
import { SqlContractStore } from "./contract-store.ts";
import type { Database } from "./database.ts";
import { SqlEvaluationStore } from "./evaluation-store.ts";
import { SqlEnvironmentStore } from "./environment-store.ts";
import { SqlEventStore } from "./event-store.ts";
import { SqlHoldStore } from "./hold-store.ts";
import { SqlLocationStore } from "./location-store.ts";
import { migrate } from "./migrate.ts";
import { SqlObservationStore } from "./observation-store.ts";
import { SqlProjectStore } from "./project-store.ts";
import { SqlRetentionStore } from "./retention-store.ts";
import { SqlRunStore } from "./run-store.ts";
import { SqlSnapshotStore } from "./snapshot-store.ts";

/** The state that lives in a database, after bringing its schema up to date. */
export async function openState(database: Database): Promise<State> {
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    capabilities: database.capabilities,
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
