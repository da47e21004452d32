import type { Log } from "../../core/asset/run-context.ts";
import { formatDuration } from "../../core/duration.ts";
import { reasonOf } from "../../core/errors.ts";
import { OutOfTime, withinTime } from "../within-time.ts";

/** How long what closes something is waited for, and code that was told to stop. */
export const patienceMs = 10_000;

const never = new AbortController().signal;

/** What one creation has deferred. Each is done once, the last one first, and none keeps the others from being done. */
export class Disposers {
  readonly #resource: string;
  readonly #log: Log;
  readonly #waiting: (() => unknown)[] = [];
  #done: Promise<void> | undefined;

  constructor(resource: string, log: Log) {
    this.#resource = resource;
    this.#log = log;
  }

  /** What comes after the end is done at once: code that was given up may still open something. */
  readonly defer = (dispose: () => unknown): void => {
    if (typeof dispose !== "function") throw new TypeError("defer needs a function");
    if (this.#done === undefined) this.#waiting.push(dispose);
    else void this.#call(dispose);
  };

  dispose(): Promise<void> {
    return (this.#done ??= this.#disposeAll());
  }

  async #disposeAll(): Promise<void> {
    // A later turn: by then it is known that the end has come.
    await Promise.resolve();
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop())
      await this.#call(next);
  }

  async #call(dispose: () => unknown): Promise<void> {
    try {
      await withinTime(patienceMs, never, async () => dispose());
    } catch (error) {
      const reason =
        error instanceof OutOfTime ? `it took longer than ${formatDuration(patienceMs)}` : reasonOf(error);
      this.#log.error(`The resource ${this.#resource} was not disposed cleanly: ${reason}`);
    }
  }
}
