import type { ServerResponse } from "node:http";

/** Why work stopped when nobody is left to answer. */
export class ClientLeft extends Error {
  constructor() {
    super("the client closed the connection");
  }
}

/** A request that takes its time: what runs for it stops when the client leaves or the server wants to end. */
export class RequestWork {
  readonly #controller = new AbortController();
  readonly #response: ServerResponse;
  readonly #running: Set<RequestWork>;
  #timer: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, running: Set<RequestWork>) {
    this.#response = response;
    this.#running = running;
    running.add(this);
    if (response.destroyed || response.closed) this.abort(new ClientLeft());
    else response.once("close", this.#closed);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #closed = (): void => {
    if (!this.#response.writableEnded) this.abort(new ClientLeft());
  };

  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** Aborts with `reason` after a while, unless the work ends before. The first limit counts. */
  limit(milliseconds: number, reason: () => Error): void {
    this.#timer ??= setTimeout(() => this.abort(reason()), milliseconds);
  }

  /** What the promise gives, or the reason for which the work was aborted; even when it does not heed the signal. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this;
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    // Whichever loses the race may still fail; that is of no interest then.
    aborted.promise.catch(() => undefined);
    promise.catch(() => undefined);
    try {
      return await Promise.race([promise, aborted.promise]);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#response.off("close", this.#closed);
    this.#running.delete(this);
  }
}
