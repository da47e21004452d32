import { MillraceError } from "../../core/errors.ts";

export interface SlotOptions {
  /** How many pieces of work may run at once. */
  readonly running: number;
  /** How many more may wait. */
  readonly waiting: number;
  /** Milliseconds that one waits before it is OVERLOADED. Infinity: for as long as it takes. */
  readonly patienceMs: number;
}

/**
 * Bounds the work that the engine does at once. Every piece of it keeps a thread of Node's pool busy, which files
 * and name look-ups need too.
 */
export class Slots {
  readonly #options: SlotOptions;
  readonly #queue = new Set<() => void>();
  #running = 0;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** Runs the work when a slot is free. @throws OVERLOADED, CANCELED */
  async run<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#options.running) this.#running += 1;
    else await this.#wait(signal);
    try {
      return await work();
    } finally {
      // The slot goes straight to the next in line, so that nobody can overtake.
      const [next] = this.#queue;
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#queue.size >= this.#options.waiting) return Promise.reject(new MillraceError("OVERLOADED"));
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#queue.delete(enter);
        clearTimeout(timer);
        signal?.removeEventListener("abort", cancel);
      };
      const enter = (): void => {
        leave();
        resolve();
      };
      const cancel = (): void => {
        leave();
        reject(new MillraceError("CANCELED"));
      };
      const timer = Number.isFinite(this.#options.patienceMs)
        ? setTimeout(() => {
            leave();
            reject(new MillraceError("OVERLOADED"));
          }, this.#options.patienceMs)
        : undefined;
      this.#queue.add(enter);
      signal?.addEventListener("abort", cancel, { once: true });
    });
  }
}
