import type { Log } from "../core/asset/run-context.ts";
import type { ParsedGroup } from "../core/config/run-config.ts";
import type { ResourceMap } from "../core/resource/resource-definition.ts";

/** Code that needs instances, as its caller knows it. */
export interface ResourceAsker {
  /** Where what happens while one is made is told. */
  readonly log: Log;
  /** Aborted when the code is not waited for any longer. */
  readonly signal: AbortSignal;
}

/** Instances under the names that some code uses. */
export type ResourceInstances = Readonly<Record<string, unknown>>;

/** One run, or one server, and the instances that it is handed: each is looked at once, and stays the same to its end. */
export interface ResourceSession {
  /**
   * In the order in which they are named; what is not there yet is made, once for all that ask at the same time.
   *
   * @throws RESOURCE_FAILED, again for whoever asks later in this session; CONFIG_INVALID; CANCELED
   */
  instancesFor(resources: ResourceMap, asker: ResourceAsker): Promise<ResourceInstances>;
  /** Disposes what lived for this session only. */
  close(): Promise<void>;
}

/** The instances of one process. */
export interface ResourcePool {
  /** @param configs By names, of resources that are given another config than the project's: their instances are the run's own */
  session(configs?: ParsedGroup): ResourceSession;
  /** Disposes all that is there, in reverse order of creation. Sessions are closed before. */
  close(): Promise<void>;
}
