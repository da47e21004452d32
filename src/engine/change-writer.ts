import { MillraceError } from "../core/errors.ts";
import type { Redactor } from "../core/config/redactor.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { RunChange, RunLease, RunStore } from "../ports/state/run-store.ts";
import { redactChange } from "./redact-change.ts";

interface Pending {
  readonly changes: readonly RunChange[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Group commit: what several steps have to write at about the same time goes into one transaction, so that the disk is
 * flushed once for all of them. Order is kept. A promise resolves when its changes are durable.
 */
export class ChangeWriter {
  readonly #runs: RunStore;
  readonly #scope: Scope;
  readonly #lease: RunLease;
  readonly #redactor: Redactor;
  readonly #onFailure: (reason: unknown) => void;
  #queue: Pending[] = [];
  #flushing: Promise<void> | undefined;

  /**
   * @param redactor Keeps secrets out of what is written
   * @param onFailure Told when changes that nobody waits for could not be written
   */
  constructor(
    runs: RunStore,
    scope: Scope,
    lease: RunLease,
    redactor: Redactor,
    onFailure: (reason: unknown) => void,
  ) {
    this.#runs = runs;
    this.#scope = scope;
    this.#lease = lease;
    this.#redactor = redactor;
    this.#onFailure = onFailure;
  }

  write(given: readonly RunChange[]): Promise<void> {
    const changes = given.map((change) => redactChange(change, this.#redactor));
    return new Promise((resolve, reject) => {
      this.#queue.push({ changes, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** Goes on without waiting for a write; `then` is called once it is durable. */
  follow(write: Promise<void>, then: () => void): void {
    write.then(then).catch(this.#onFailure);
  }

  /** All that was handed in so far is durable, or has been refused. */
  async drained(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
  }

  async #flush(): Promise<void> {
    // Steps that end in the same turn of the event loop get into the same transaction.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      await this.#commit(batch);
    }
    this.#flushing = undefined;
  }

  async #commit(batch: readonly Pending[]): Promise<void> {
    try {
      const changes = batch.flatMap((pending) => pending.changes);
      await this.#runs.apply(this.#scope, this.#lease, changes);
      for (const pending of batch) pending.resolve();
    } catch (reason) {
      // A claim of another run refuses one of them: the others must not suffer for it. Whatever else went wrong, a
      // second try might apply changes twice.
      const refused = reason instanceof MillraceError && reason.code === "RUN_CLAIMED";
      if (refused && batch.length > 1) for (const pending of batch) await this.#commit([pending]);
      else for (const pending of batch) pending.reject(reason);
    }
  }
}
