/** A nap takes at most twice as long as it should, and this: a busy machine is not a sleeping one. In milliseconds. */
const toleranceMs = 1_000;

/**
 * How long somebody has been awake who judges others by their silence: a lid was closed, or a process stopped, for him
 * as for them, and only once he has been awake for a while is their silence their own (N35). He naps, again and again,
 * and says how long each nap should have taken and how long it took by the clock on the wall, which goes on while a
 * machine sleeps.
 */
export class Wakefulness {
  #awakeMs = 0;

  /** Gives the milliseconds that he has been awake without a gap. */
  napped(askedMs: number, tookMs: number): number {
    const slept = tookMs > 2 * askedMs + toleranceMs || tookMs < -toleranceMs;
    this.#awakeMs = slept ? 0 : this.#awakeMs + askedMs;
    return this.#awakeMs;
  }
}
