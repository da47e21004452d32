import type { EndpointContract, LiveContract } from "../../core/endpoint/endpoint-contract.ts";
import type { Scope } from "./project-store.ts";

/** A process that serves endpoints. */
export interface LiveServer {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
}

/**
 * What servers at work read, so that no publish takes it from under them (N20). A server that ends says so; one that
 * died is forgotten when it has not been heard of for its time, by the database's clock.
 */
export interface ContractStore {
  /** Takes the place of what the server announced before. Once this is done, every publish respects it. */
  announce(
    scope: Scope,
    server: LiveServer,
    contracts: readonly EndpointContract[],
    ttlMs: number,
  ): Promise<void>;
  /** False when the server was forgotten meanwhile, and has to announce again. */
  renew(serverId: string, ttlMs: number): Promise<boolean>;
  withdraw(serverId: string): Promise<void>;
  /** Contracts of servers at work, in order of endpoint and asset. */
  live(scope: Scope, assetIds?: readonly number[]): Promise<readonly LiveContract[]>;
}
