import { Wakefulness } from "../../core/run/wakefulness.ts";
import type { Clock } from "../../ports/clock.ts";

/** How often the other thread is given a chance within the grace. */
const looks = 8;

/** A limit of time that nobody has noticed, although it was over a grace ago. */
export interface Overdue {
  /** Undefined: the limit is the run's. */
  readonly step: string | undefined;
  readonly limitMs: number;
  readonly graceMs: number;
}

/**
 * Waits for limits that are not noticed. The other thread notices one itself, by a timer; if it has not a grace after
 * it should have, no timer fires there. Only the time counts in which this thread was awake itself (N35).
 */
export class LimitKeeper {
  readonly #clock: Clock;
  readonly #onOverdue: (overdue: Overdue, run: number) => void;
  readonly #limits = new Map<number, AbortController>();

  constructor(clock: Clock, onOverdue: (overdue: Overdue, run: number) => void) {
    this.#clock = clock;
    this.#onOverdue = onOverdue;
  }

  begin(limit: number, run: number, overdue: Overdue): void {
    const ended = new AbortController();
    this.#limits.set(limit, ended);
    this.#wait(overdue, ended.signal).then(
      () => this.#onOverdue(overdue, run),
      () => undefined,
    );
  }

  end(limit: number): void {
    this.#limits.get(limit)?.abort();
    this.#limits.delete(limit);
  }

  async #wait({ limitMs, graceMs }: Overdue, ended: AbortSignal): Promise<void> {
    await this.#clock.sleep(limitMs, ended);
    const wakefulness = new Wakefulness();
    const napMs = graceMs / looks;
    for (let awakeMs = 0; awakeMs < graceMs;) {
      const before = this.#clock.now();
      await this.#clock.sleep(napMs, ended);
      awakeMs = wakefulness.napped(napMs, this.#clock.now() - before);
    }
  }
}
