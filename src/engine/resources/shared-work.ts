import { MillraceError } from "../../core/errors.ts";

/** Work that several wait for: it is done once, and told to stop when nobody waits any longer. */
export class SharedWork<T> {
  readonly #stop = new AbortController();
  readonly #work: Promise<T>;
  #waiting = 0;
  #settled = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#work = work(this.#stop.signal).finally(() => {
      this.#settled = true;
    });
    // Whoever waits is told; it may be that nobody does by then.
    this.#work.catch(() => undefined);
  }

  /** It was told to stop: nobody can be given its result. */
  get abandoned(): boolean {
    return this.#stop.signal.aborted;
  }

  /** @throws CANCELED when `signal` is aborted before it has ended */
  async wait(signal: AbortSignal): Promise<T> {
    if (this.#settled) return this.#work;
    this.#waiting += 1;
    let leave = (): void => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(new MillraceError("CANCELED"));
    });
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([left, this.#work]);
    } finally {
      signal.removeEventListener("abort", leave);
      this.#waiting -= 1;
      if (this.#waiting === 0) this.abandon();
    }
  }

  abandon(): void {
    if (!this.#settled) this.#stop.abort(new MillraceError("CANCELED"));
  }

  /** Resolves once it has ended, one way or another. */
  async ended(): Promise<void> {
    await this.#work.catch(() => undefined);
  }
}
