import type { LeaseStore } from "../../ports/state/lease-store.ts";
import { SqlLeaseStore } from "../runs/lease-store.ts";
import { PostgresDatabase, type PostgresOptions } from "./driver.ts";

/** The leases of a state in a database that is open already. */
export function openPostgresLeases(options: PostgresOptions): LeaseStore {
  return new SqlLeaseStore(new PostgresDatabase(options));
}
