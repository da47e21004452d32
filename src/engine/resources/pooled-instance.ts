import { randomUUID } from "node:crypto";
import type { Log } from "../../core/asset/run-context.ts";
import type { ResourceDefinition } from "../../core/resource/resource-definition.ts";
import { createInstance, type CreatedInstance, type Creation } from "./create-instance.ts";
import { SharedWork } from "./shared-work.ts";

/** An instance, from when its making begins until it is disposed. */
export class PooledInstance {
  /** Tells it from others of the same resource. */
  readonly id: string = randomUUID();
  readonly definition: ResourceDefinition;
  /** What it is made of. */
  readonly nested: readonly PooledInstance[];
  /** All runs of the process may have it. */
  readonly shared: boolean;
  /** Those who were handed it and have not ended yet. */
  readonly users = new Set<object>();
  readonly #work: SharedWork<CreatedInstance>;
  #log: Log;

  /** @param process Of one that all runs share: where its lines go once it is made. Absent: it goes with a run */
  constructor(
    creation: Creation,
    nested: readonly PooledInstance[],
    process: { readonly log: Log } | undefined,
  ) {
    this.definition = creation.definition;
    this.nested = nested;
    this.shared = process !== undefined;
    this.#log = creation.log;
    const log: Log = {
      debug: (...line) => this.#log.debug(...line),
      info: (...line) => this.#log.info(...line),
      warn: (...line) => this.#log.warn(...line),
      error: (...line) => this.#log.error(...line),
    };
    this.#work = new SharedWork(async (signal) => {
      try {
        return await createInstance({ ...creation, log }, signal);
      } finally {
        this.#log = process?.log ?? this.#log;
      }
    });
  }

  /** Given up before it was made: nobody can have it. */
  get abandoned(): boolean {
    return this.#work.abandoned;
  }

  /** @throws RESOURCE_FAILED; CANCELED when `signal` is aborted before it is there */
  async get(signal: AbortSignal): Promise<unknown> {
    return (await this.#work.wait(signal)).instance;
  }

  /** Nothing of it is left then; what could not be made has disposed what it had. */
  async dispose(): Promise<void> {
    this.#work.abandon();
    const created = await this.#work.wait(unending).catch(() => undefined);
    await created?.disposers.dispose();
  }
}

const unending = new AbortController().signal;
