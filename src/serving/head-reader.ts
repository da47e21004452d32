import { MillraceError, reasonOf } from "../core/errors.ts";
import type { CatalogHead, CatalogStore } from "../ports/state/catalog-store.ts";
import type { Scope } from "../ports/state/project-store.ts";

/** The newest snapshot, as a request may use it. */
export interface KnownHead {
  readonly head: CatalogHead;
  /** True when state did not answer and this is what it said last. */
  readonly unconfirmed: boolean;
}

/**
 * Reads the catalog's head for requests, so that a request which arrives after a publish was acknowledged sees it
 * (N29). One read serves all requests that arrived before it was sent: those of one turn of the event loop, and those
 * that came while an earlier read was under way. Reads never overlap, so nobody sees an older snapshot after a newer.
 */
export class HeadReader {
  readonly #catalog: Pick<CatalogStore, "head">;
  readonly #scope: Scope;
  readonly #staleMs: number;
  readonly #patienceMs: number;
  readonly #now: () => number;
  /** The read that is not sent yet. */
  #next: Promise<KnownHead> | undefined;
  #sent: Promise<unknown> | undefined;
  #last: { readonly head: CatalogHead; readonly at: number } | undefined;

  /**
   * @param options.staleMs how long the last answer may be used while state does not answer
   * @param options.patienceMs how long a read may take; after that state counts as not answering
   */
  constructor(
    catalog: Pick<CatalogStore, "head">,
    scope: Scope,
    options: { staleMs: number; patienceMs: number; now: () => number },
  ) {
    this.#catalog = catalog;
    this.#scope = scope;
    this.#staleMs = options.staleMs;
    this.#patienceMs = options.patienceMs;
    this.#now = options.now;
  }

  /** @throws STATE_UNAVAILABLE when state has not answered for longer than the last answer may be used */
  read(): Promise<KnownHead> {
    return (this.#next ??= this.#send());
  }

  async #send(): Promise<KnownHead> {
    // What else has arrived on other connections in this turn of the event loop joins in.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#sent !== undefined) await this.#sent;
    this.#next = undefined;
    const reading = this.#ask();
    const settled = reading.then(
      () => undefined,
      () => undefined,
    );
    this.#sent = settled;
    try {
      return await reading;
    } finally {
      if (this.#sent === settled) this.#sent = undefined;
    }
  }

  async #ask(): Promise<KnownHead> {
    // It was true when it was asked for; how long the answer took is part of its age.
    const at = this.#now();
    try {
      const head = await inTime(this.#catalog.head(this.#scope), this.#patienceMs);
      this.#last = { head, at };
      return { head, unconfirmed: false };
    } catch (error) {
      if (this.#last !== undefined && this.#now() - this.#last.at <= this.#staleMs) {
        return { head: this.#last.head, unconfirmed: true };
      }
      if (error instanceof MillraceError) throw error;
      throw new MillraceError("STATE_UNAVAILABLE", { reason: reasonOf(error) }, { cause: error });
    }
  }
}

/** A network that loses everything lets a read hang for a quarter of an hour, and all requests with it. */
async function inTime<T>(read: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
  }
}
