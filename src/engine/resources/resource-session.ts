import { canonicalJson } from "../../core/canonical-json.ts";
import type { ParsedGroup } from "../../core/config/run-config.ts";
import { MillraceError } from "../../core/errors.ts";
import type { ResourceDefinition, ResourceMap } from "../../core/resource/resource-definition.ts";
import type { ResourceAsker, ResourceInstances, ResourceSession } from "../../ports/resource-pool.ts";
import { InstanceStore } from "./instance-store.ts";
import { PooledInstance } from "./pooled-instance.ts";
import type { PoolOptions } from "./resource-pool.ts";
import { SharedWork } from "./shared-work.ts";

/** What is handed to one run. */
export class PooledSession implements ResourceSession {
  readonly #options: PoolOptions;
  readonly #configs: ParsedGroup;
  readonly #ofProcess: InstanceStore;
  readonly #ofRun = new InstanceStore();
  /** What was asked for so far. What failed stays: its policy has had its tries. */
  readonly #asked = new Map<ResourceDefinition, SharedWork<PooledInstance>>();

  constructor(options: PoolOptions, configs: ParsedGroup, ofProcess: InstanceStore) {
    this.#options = options;
    this.#configs = configs;
    this.#ofProcess = ofProcess;
  }

  async instancesFor(resources: ResourceMap, asker: ResourceAsker): Promise<ResourceInstances> {
    return (await this.#allOf(resources, asker)).instances;
  }

  async close(): Promise<void> {
    const asked = [...this.#asked.values()];
    for (const work of asked) work.abandon();
    await this.#ofRun.close();
    for (const work of asked) {
      const instance = await work.wait(unending).catch(() => undefined);
      if (instance?.shared === true) await this.#ofProcess.release(this, instance);
    }
  }

  async #allOf(
    resources: ResourceMap,
    asker: ResourceAsker,
  ): Promise<{ readonly instances: ResourceInstances; readonly pooled: readonly PooledInstance[] }> {
    const instances: Record<string, unknown> = {};
    const pooled: PooledInstance[] = [];
    for (const [name, definition] of resources) {
      const instance = await this.#obtain(definition, asker);
      instances[name] = await instance.get(asker.signal);
      pooled.push(instance);
    }
    return { instances: Object.freeze(instances), pooled };
  }

  async #obtain(definition: ResourceDefinition, { log, signal }: ResourceAsker): Promise<PooledInstance> {
    if (signal.aborted) throw new MillraceError("CANCELED");
    const before = this.#asked.get(definition);
    if (before !== undefined && !before.abandoned) return before.wait(signal);
    const work = new SharedWork((unwanted) => this.#find(definition, { log, signal: unwanted }));
    this.#asked.set(definition, work);
    return work.wait(signal);
  }

  async #find(definition: ResourceDefinition, asker: ResourceAsker): Promise<PooledInstance> {
    const { name, scope } = definition;
    const { instances, pooled } = await this.#allOf(definition.resources, asker);
    const { clock, log, configOf, redact } = this.#options;
    const own = this.#configs.get(name);
    // What only this run was told, or is made of what only it has, nobody else can use.
    const shared = scope === "process" && own === undefined && pooled.every((one) => one.shared);
    const config = own === undefined ? configOf(definition) : own.value;
    const creation = { definition, nested: instances, config, log: asker.log, clock, redact };
    const key = canonicalJson([name, pooled.map(({ id }) => id)]);
    const store = shared ? this.#ofProcess : this.#ofRun;
    return store.obtain(
      key,
      this,
      asker,
      () => new PooledInstance(creation, pooled, shared ? { log } : undefined),
    );
  }
}

const unending = new AbortController().signal;
