import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import type { Log } from "../core/asset/run-context.ts";
import type {
  ResourceAsker,
  ResourceInstances,
  ResourcePool,
  ResourceSession,
} from "../ports/resource-pool.ts";

/** Instances that the handlers of a server work with: made before it is ready, the same for all its requests. */
export class ServedResources {
  readonly #pool: ResourcePool;
  readonly #log: Log;
  readonly #known = new Map<EndpointDefinition, ResourceInstances>();
  #session: ResourceSession;
  /** What these were handed is in use. */
  readonly #former: ResourceSession[] = [];

  constructor(pool: ResourcePool, log: Log) {
    this.#pool = pool;
    this.#log = log;
    this.#session = pool.session();
  }

  /** Those that are there already. */
  known(endpoint: EndpointDefinition): ResourceInstances | undefined {
    return this.#known.get(endpoint);
  }

  /** Whoever asks after a failure begins anew. @throws RESOURCE_FAILED, CONFIG_INVALID, CANCELED */
  async instancesFor(endpoint: EndpointDefinition, signal: AbortSignal): Promise<ResourceInstances> {
    const session = this.#session;
    const asker: ResourceAsker = { log: this.#log, signal };
    try {
      const instances = await session.instancesFor(endpoint.resources, asker);
      this.#known.set(endpoint, instances);
      return instances;
    } catch (error) {
      if (!signal.aborted && this.#session === session) {
        this.#session = this.#pool.session();
        this.#former.push(session);
      }
      throw error;
    }
  }

  /** They go with the process. */
  async close(): Promise<void> {
    for (const session of [...this.#former, this.#session]) await session.close();
  }
}
