import type { LeaseStore } from "../../ports/state/lease-store.ts";
import { SqlLeaseStore } from "../runs/lease-store.ts";
import { SqliteDatabase, type SqliteOptions } from "./driver.ts";

/** The leases of a state in a file that is open already. */
export async function openSqliteLeases(options: SqliteOptions): Promise<LeaseStore> {
  return new SqlLeaseStore(await SqliteDatabase.open(options));
}
