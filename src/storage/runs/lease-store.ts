import type { Scope } from "../../ports/state/project-store.ts";
import type { LeaseStore } from "../../ports/state/lease-store.ts";
import type { RunChange, RunLease } from "../../ports/state/run-store.ts";
import type { Database } from "../database/database.ts";
import { renewLease } from "./run-lease.ts";

/** Over a database whose schema is up to date. */
export class SqlLeaseStore implements LeaseStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  renew(lease: RunLease, leaseMs: number): Promise<void> {
    return this.#database.write(() => renewLease(lease, leaseMs));
  }

  async apply(scope: Scope, lease: RunLease, changes: readonly RunChange[]): Promise<void> {
    // Seldom called, and all that it needs takes longer to load than the rest of this.
    const { applyChanges } = await import("./apply-changes.ts");
    await this.#database.write(() => applyChanges(scope, lease, changes));
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
