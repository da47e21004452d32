import type { MillraceError } from "../../core/errors.ts";
import { keepLease } from "../../engine/lease-keeper.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LeaseStore } from "../../ports/state/lease-store.ts";
import type { ToWatch } from "./messages.ts";

interface World {
  /** Under way when the first run begins; until then, and should it fail, every renewal waits or fails with it. */
  readonly leases: Promise<LeaseStore>;
  readonly clock: Clock;
  readonly onLost: (run: number, reason: MillraceError) => void;
}

/** Does what it hears: renews the leases of runs that have begun, until they end. */
export class RunKeeper {
  readonly #world: World;
  readonly #runs = new Map<number, { stop(): Promise<void> }>();

  constructor(world: World) {
    this.#world = world;
    // Said by each renewal.
    world.leases.catch(() => undefined);
  }

  hear(message: ToWatch): void {
    if (message.tell === "begun") this.#begin(message);
    else if (message.tell === "ended") this.#end(message.run);
  }

  #begin({ run, lease, leaseMs, since }: Extract<ToWatch, { tell: "begun" }>): void {
    const { leases, clock, onLost } = this.#world;
    const renew = async (): Promise<void> => (await leases).renew(lease, leaseMs);
    const lost = (reason: MillraceError): void => {
      if (this.#runs.delete(run)) onLost(run, reason);
    };
    this.#runs.set(run, keepLease(lease, leaseMs, { renew }, clock, lost, since));
  }

  #end(run: number): void {
    const ended = this.#runs.get(run);
    this.#runs.delete(run);
    void ended?.stop();
  }
}
