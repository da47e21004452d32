import type { EnvironmentRecord, EnvironmentStore, OwnAsset } from "../../ports/state/environment-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { Database } from "../database/database.ts";
import { createEnvironment } from "./create-environment.ts";
import { dropEnvironment } from "./drop-environment.ts";
import { listEnvironments, readOwnAssets } from "./environment-rows.ts";

export class SqlEnvironmentStore implements EnvironmentStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(parent: Scope, name: string, snapshot: number): Promise<Scope> {
    return this.#database.write(() => createEnvironment(parent, name, snapshot));
  }

  list(scope: Scope): Promise<readonly EnvironmentRecord[]> {
    return this.#database.read(() => listEnvironments(scope));
  }

  ownAssets(scope: Scope): Promise<readonly OwnAsset[]> {
    return this.#database.read(() => readOwnAssets(scope));
  }

  drop(scope: Scope): Promise<void> {
    return this.#database.write(() => dropEnvironment(scope));
  }
}
