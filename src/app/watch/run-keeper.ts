import type { MillraceError } from "../../core/errors.ts";
import { keepLease } from "../../engine/lease-keeper.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LeaseStore } from "../../ports/state/lease-store.ts";
import { LimitKeeper, type Overdue } from "./limit-keeper.ts";
import type { ToWatch } from "./messages.ts";

type Begun = Extract<ToWatch, { tell: "begun" }>;

interface World {
  /** Under way when the first run begins; until then, and should it fail, every renewal waits or fails with it. */
  readonly leases: Promise<LeaseStore>;
  readonly clock: Clock;
  readonly onLost: (run: number, reason: MillraceError) => void;
  /** The thread that works stands still. */
  readonly onStuck: (overdue: Overdue, run: Begun) => Promise<void>;
}

/** Does what it hears: renews the leases of runs that have begun, until they end, and waits for their limits. */
export class RunKeeper {
  readonly #world: World;
  readonly #runs = new Map<number, { readonly begun: Begun; stop(): Promise<void> }>();
  readonly #limits: LimitKeeper;

  constructor(world: World) {
    this.#world = world;
    this.#limits = new LimitKeeper(world.clock, (overdue, run) => {
      const stuck = this.#runs.get(run);
      if (stuck !== undefined) void world.onStuck(overdue, stuck.begun);
    });
    // Said by each renewal.
    world.leases.catch(() => undefined);
  }

  hear(message: ToWatch): void {
    switch (message.tell) {
      case "begun":
        return this.#begin(message);
      case "ended":
        return this.#end(message.run);
      case "limit.begun": {
        const { limit, run, step, limitMs } = message;
        const graceMs = this.#runs.get(run)?.begun.leaseMs;
        if (graceMs !== undefined) this.#limits.begin(limit, run, { step, limitMs, graceMs });
        return;
      }
      case "limit.ended":
        return this.#limits.end(message.limit);
    }
  }

  /** Renews none any longer: their process is about to end. */
  endAll(): void {
    for (const run of this.#runs.keys()) this.#end(run);
  }

  #begin(begun: Begun): void {
    const { leases, clock, onLost } = this.#world;
    const { run, lease, leaseMs, since } = begun;
    const renew = async (): Promise<void> => (await leases).renew(lease, leaseMs);
    const lost = (reason: MillraceError): void => {
      if (this.#runs.delete(run)) onLost(run, reason);
    };
    const keeper = keepLease(lease, leaseMs, { renew }, clock, lost, since);
    this.#runs.set(run, { begun, stop: () => keeper.stop() });
  }

  #end(run: number): void {
    const ended = this.#runs.get(run);
    this.#runs.delete(run);
    void ended?.stop();
  }
}
