import type { Scope } from "../../ports/state/project-store.ts";
import type { LocationStore, Rewriting, Rewritten } from "../../ports/state/location-store.ts";
import type { Database } from "../database/database.ts";
import { rewriteLocations } from "./rewrite-locations.ts";
import { run } from "../database/script.ts";

export class SqlLocationStore implements LocationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  intend(scope: Scope, pack: string, leaseMs: number): Promise<void> {
    return this.#database.write(() =>
      run(
        "insert into intended_pack (id, project_id, expires_at) values (?, ?, {now} + ?)",
        pack,
        scope.projectId,
        leaseMs,
      ),
    );
  }

  withdraw(scope: Scope, pack: string): Promise<void> {
    return this.#database.write(() =>
      run("delete from intended_pack where id = ? and project_id = ?", pack, scope.projectId),
    );
  }

  rewrite(scope: Scope, rewriting: Rewriting): Promise<Rewritten | undefined> {
    return this.#database.write(() => rewriteLocations(scope, rewriting));
  }
}
