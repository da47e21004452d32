import { reasonOf } from "../../core/errors.ts";
import type { ResourceAsker } from "../../ports/resource-pool.ts";
import { checkHealth } from "./create-instance.ts";
import type { PooledInstance } from "./pooled-instance.ts";

/** Instances that end together: those of a run, or of the process. */
export class InstanceStore {
  /** In order of creation. */
  readonly #byKey = new Map<string, PooledInstance>();

  /**
   * The instance with this key, found fit if it is there already for somebody else; one that is not is replaced, once.
   *
   * @throws RESOURCE_FAILED; CANCELED
   */
  async obtain(
    key: string,
    user: object,
    asker: ResourceAsker,
    make: () => PooledInstance,
  ): Promise<PooledInstance> {
    const found = this.#byKey.get(key);
    if (found === undefined || found.abandoned) return this.#add(key, user, asker, make);
    try {
      const instance = await found.get(asker.signal);
      await checkHealth(found.definition, instance, asker.log, asker.signal);
      found.users.add(user);
      return found;
    } catch (error) {
      // It could not be made for the other one either, just now.
      if (asker.signal.aborted || this.#byKey.get(key) === undefined) throw error;
      if (this.#byKey.get(key) === found) {
        asker.log.warn(`The resource ${found.definition.name} is made anew: ${reasonOf(error)}`);
        await this.#retire(found);
      }
      return this.#add(key, user, asker, make);
    }
  }

  /** The user needs nothing of it any longer. */
  async release(user: object, instance: PooledInstance): Promise<void> {
    instance.users.delete(user);
    if (instance.users.size === 0 && ![...this.#byKey.values()].includes(instance)) await instance.dispose();
  }

  /** Disposes all of them, in reverse order of creation. */
  async close(): Promise<void> {
    for (const instance of [...this.#byKey.values()].toReversed()) await instance.dispose();
    this.#byKey.clear();
  }

  /** Makes it, unless somebody else has begun to meanwhile. */
  async #add(
    key: string,
    user: object,
    { signal }: ResourceAsker,
    make: () => PooledInstance,
  ): Promise<PooledInstance> {
    const begun = this.#byKey.get(key);
    // What was told to stop may still hold what the next one needs.
    if (begun?.abandoned === true) await this.#retire(begun);
    const instance = this.#byKey.get(key) ?? make();
    this.#byKey.set(key, instance);
    try {
      await instance.get(signal);
    } catch (error) {
      // One that was told to stop is left here, so that the next one, or the end, waits for it.
      if (!signal.aborted && !instance.abandoned) this.#forget(instance);
      throw error;
    }
    instance.users.add(user);
    return instance;
  }

  /** Nobody is handed it any longer, nor what is made of it; it is disposed once those who have it have ended. */
  async #retire(instance: PooledInstance): Promise<void> {
    const all = [...this.#byKey.values()];
    const above = all.filter(({ nested }) => nested.includes(instance));
    for (const one of above.toReversed()) await this.#retire(one);
    this.#forget(instance);
    if (instance.users.size === 0) await instance.dispose();
  }

  #forget(instance: PooledInstance): void {
    for (const [key, one] of this.#byKey) if (one === instance) this.#byKey.delete(key);
  }
}
