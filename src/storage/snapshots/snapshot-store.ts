import type { SnapshotRef } from "../../core/catalog/snapshot-ref.ts";
import type { CatalogHead } from "../../ports/state/catalog-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { Pin, SnapshotRecord, SnapshotStore } from "../../ports/state/snapshot-store.ts";
import type { Database } from "../database/database.ts";
import { pinSnapshot, unpinSnapshot } from "./pins.ts";
import { resolveSnapshot } from "./resolve-snapshot.ts";
import { listSnapshots } from "./snapshot-rows.ts";

export class SqlSnapshotStore implements SnapshotStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  resolve(scope: Scope, ref: SnapshotRef): Promise<CatalogHead> {
    return this.#database.read(() => resolveSnapshot(scope, ref));
  }

  list(
    scope: Scope,
    options: { limit: number; before?: number; pinned?: boolean },
  ): Promise<readonly SnapshotRecord[]> {
    return this.#database.read(() => listSnapshots(scope, options));
  }

  pin(scope: Scope, number: number, pin: Omit<Pin, "at">): Promise<void> {
    return this.#database.write(() => pinSnapshot(scope, number, pin));
  }

  unpin(scope: Scope, name: string, by: string): Promise<number> {
    return this.#database.write(() => unpinSnapshot(scope, name, by));
  }
}
