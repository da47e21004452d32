import type { EndpointContract, LiveContract } from "../../core/endpoint/endpoint-contract.ts";
import type { ContractStore, LiveServer } from "../../ports/state/contract-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { announceContracts, liveContracts, renewServer, withdrawServer } from "./contracts.ts";
import type { Database } from "../database/database.ts";

export class SqlContractStore implements ContractStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  announce(
    scope: Scope,
    server: LiveServer,
    contracts: readonly EndpointContract[],
    ttlMs: number,
  ): Promise<void> {
    return this.#database.write(() => announceContracts(scope, server, contracts, ttlMs));
  }

  renew(serverId: string, ttlMs: number): Promise<boolean> {
    return this.#database.write(() => renewServer(serverId, ttlMs));
  }

  withdraw(serverId: string): Promise<void> {
    return this.#database.write(() => withdrawServer(serverId));
  }

  live(scope: Scope, assetIds?: readonly number[]): Promise<readonly LiveContract[]> {
    return this.#database.read(() => liveContracts(scope, assetIds));
  }
}
