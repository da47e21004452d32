import { randomUUID } from "node:crypto";
import type {
  AssetRegistration,
  ProjectStore,
  RegisteredAsset,
  Scope,
} from "../../ports/state/project-store.ts";
import { MillraceError } from "../../core/errors.ts";
import type { Database } from "../database/database.ts";
import { findScope } from "./scopes.ts";
import { first, run, type Script } from "../database/script.ts";
import { readRegistered, registerAssets } from "./register-assets.ts";

export class SqlProjectStore implements ProjectStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async open(project: string, environment: string): Promise<Scope> {
    const known = await this.#database.read(() => findScope(project, environment));
    return known ?? this.#database.write(() => makeScope(project, environment));
  }

  find(project: string, environment: string): Promise<Scope | undefined> {
    return this.#database.read(() => findScope(project, environment));
  }

  /** Nothing is written when all is known already, as at nearly every start. */
  async register(
    scope: Scope,
    assets: readonly AssetRegistration[],
  ): Promise<ReadonlyMap<string, RegisteredAsset>> {
    const known = await this.#database.read(() => readRegistered(scope, assets));
    return known ?? this.#database.write(() => registerAssets(scope, assets));
  }
}

function* makeScope(project: string, environment: string): Script<Scope> {
  yield* run(
    "insert into project (name, created_at) values (?, {now}) on conflict (name) do nothing",
    project,
  );
  const made = yield* first<{ id: number }>(
    `insert into environment (project_id, name, epoch, created_at)
     select id, ?, ?, {now} from project where name = ?
     on conflict (project_id, name) where dropped_at is null do nothing returning id`,
    environment,
    randomUUID(),
    project,
  );
  // The empty snapshot, so that there is always one to read.
  if (made !== undefined) {
    yield* run(
      "insert into snapshot (environment_id, number, published_at, origin) values (?, 0, 0, 'empty')",
      made.id,
    );
  }
  const scope = yield* findScope(project, environment);
  if (scope === undefined) throw new MillraceError("INTERNAL", { reason: `${project} could not be made` });
  return scope;
}
