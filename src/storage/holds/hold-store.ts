import type { HeldRange } from "../../core/catalog/hold.ts";
import type {
  HoldStore,
  ReleaseRequest,
  ReleaseResult,
  RollbackRequest,
  RollbackResult,
} from "../../ports/state/hold-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { Database } from "../database/database.ts";
import { readHolds } from "./holds.ts";
import { rehearse } from "../publish/rehearse.ts";
import { releaseHolds } from "./release-holds.ts";
import { rollBack } from "./roll-back.ts";

export class SqlHoldStore implements HoldStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  rollBack(scope: Scope, request: RollbackRequest): Promise<RollbackResult> {
    return this.#database.write(() => rollBack(scope, request));
  }

  release(scope: Scope, request: ReleaseRequest): Promise<ReleaseResult> {
    const script = () => releaseHolds(scope, request);
    return request.dryRun === true ? rehearse(this.#database, script) : this.#database.write(script);
  }

  list(scope: Scope, assetIds?: readonly number[]): Promise<readonly HeldRange[]> {
    return this.#database.read(() => readHolds(scope, assetIds));
  }
}
