/** How many steps may be at work at once. One that waits for its turn elsewhere leaves its slot to another meanwhile. */
export class Slots {
  readonly #count: number;
  #taken = 0;
  /** Those that come back from a wait, in the order in which they came. */
  readonly #returning: (() => void)[] = [];
  #whenFree: () => void = () => undefined;

  constructor(count: number) {
    this.#count = count;
  }

  /** @param whenFree Called whenever a slot has become free that nobody has come back for */
  attend(whenFree: () => void): void {
    this.#whenFree = whenFree;
  }

  /** Takes one, if there is one. */
  take(): boolean {
    if (this.#taken >= this.#count) return false;
    this.#taken += 1;
    return true;
  }

  /** Gives it up: to who has come back first, if anybody has. */
  free(): void {
    const first = this.#returning.shift();
    if (first !== undefined) return first();
    this.#taken -= 1;
    this.#whenFree();
  }

  /** Waits without a slot; goes on once there is one again. */
  async without<T>(wait: () => Promise<T>): Promise<T> {
    this.free();
    try {
      return await wait();
    } finally {
      if (!this.take()) await new Promise<void>((resolve) => this.#returning.push(resolve));
    }
  }
}
