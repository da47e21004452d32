import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import type { Redactor } from "../core/config/redactor.ts";
import type { KnownAsset } from "../core/plan/known-asset.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import type { BearerToken } from "../http/bearer-tokens.ts";
import type { AssetReader } from "../ports/asset-reader.ts";
import type { ResourcePool } from "../ports/resource-pool.ts";
import type { State } from "../ports/state.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { TableEngine } from "../ports/table-engine.ts";

/** Where the server's own lines go; a pino logger is one. */
export interface ServingLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ServingOptions {
  /** Validated: routes clash neither with each other nor with ours. */
  readonly project: ProjectDefinition;
  readonly scope: Scope;
  readonly state: State;
  readonly engine: TableEngine;
  readonly reader: AssetReader;
  /** Stays the caller's to close. */
  readonly resources: ResourcePool;
  /** Every asset that an endpoint reads, by its key. */
  readonly assets: ReadonlyMap<string, KnownAsset>;
  /** Asked once for each endpoint, when it is first called. Includes the code that its module reaches (N8). */
  readonly codeVersionOf: (endpoint: EndpointDefinition) => string;
  /** None: no authentication. */
  readonly tokens: readonly BearerToken[];
  readonly log: ServingLog;
  /** Keeps secrets out of what clients are told of errors; nothing is secret when absent. */
  readonly redactor?: Redactor;
  /** Version of Millrace; enters ETags, so that an upgrade never vouches for bytes that an older one made. */
  readonly version: string;
  /** Tell clients what went wrong inside, not only the log: for `millrace dev`. False when absent. */
  readonly exposeFailures?: boolean;
  /** Largest request body in bytes; 1 MiB when absent. */
  readonly bodyLimit?: number;
  /** Milliseconds that running requests get when the server closes; 10,000 when absent. */
  readonly closeGraceMs?: number;
  /**
   * Milliseconds for which the last snapshot is still served when state does not answer (N29); 10,000 when absent. A
   * request waits for state for half of it at most.
   */
  readonly staleHeadMs?: number;
  /** Milliseconds for which publishes still respect what a server reads that died (N20); 30,000 when absent. */
  readonly contractTtlMs?: number;
  /** Milliseconds since the epoch; the process's clock when absent. */
  readonly now?: () => number;
}
