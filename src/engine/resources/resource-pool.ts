import type { Log } from "../../core/asset/run-context.ts";
import type { ResourceDefinition } from "../../core/resource/resource-definition.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ResourcePool } from "../../ports/resource-pool.ts";
import { InstanceStore } from "./instance-store.ts";
import { PooledSession } from "./resource-session.ts";

/** All that making instances needs from the world. */
export interface PoolOptions {
  readonly clock: Clock;
  /** For what concerns no run: lines of instances that outlive the one they were made for, and of their end. */
  readonly log: Log;
  /** Keeps secrets out of what a resource failed with. */
  readonly redact: (text: string) => string;
  /**
   * What the project configures a resource with, parsed.
   *
   * @throws CONFIG_INVALID
   */
  readonly configOf: (resource: ResourceDefinition) => unknown;
}

export function openResourcePool(options: PoolOptions): ResourcePool {
  const ofProcess = new InstanceStore();
  return {
    session: (configs = new Map()) => new PooledSession(options, configs, ofProcess),
    close: () => ofProcess.close(),
  };
}
