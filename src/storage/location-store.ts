import type { Scope } from "../ports/state/project-store.ts";
import type { LocationStore, Rewriting, Rewritten, StoreFile } from "../ports/state/location-store.ts";
import type { Database } from "./database.ts";
import { rewriteLocations } from "./rewrite-locations.ts";
import { run } from "./script.ts";

export class SqlLocationStore implements LocationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  intend(scope: Scope, { store, file }: StoreFile, leaseMs: number): Promise<void> {
    return this.#database.write(() =>
      run(
        "insert into intended_file (project_id, store, file, expires_at) values (?, ?, ?, {now} + ?)",
        scope.projectId,
        store,
        file,
        leaseMs,
      ),
    );
  }

  withdraw(scope: Scope, { store, file }: StoreFile): Promise<void> {
    return this.#database.write(() =>
      run(
        "delete from intended_file where project_id = ? and store = ? and file = ?",
        scope.projectId,
        store,
        file,
      ),
    );
  }

  rewrite(scope: Scope, rewriting: Rewriting): Promise<Rewritten | undefined> {
    return this.#database.write(() => rewriteLocations(scope, rewriting));
  }
}
