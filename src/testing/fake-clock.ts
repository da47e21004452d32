import type { Tagged } from "../core/brand.ts";
import { parseDuration } from "../core/duration.ts";
import { MillraceError } from "../core/errors.ts";
import type { Clock } from "../ports/clock.ts";

/**
 * A test's clock. It stands still but for what is waited for and for `advance`. Millrace goes by it: which partitions
 * there are, what is fresh, how long it is to the next try. `Date` and timers in code are as ever, and so are time limits.
 */
export interface FakeClock extends Tagged<"fake clock"> {
  now(): Date;
  /** Lets time pass: "90m", "2d", or milliseconds. */
  advance(time: string | number): void;
}

/** When a test takes place: a fixed time, or a clock that several calls share. */
export type TestTime = Date | string | FakeClock;

/**
 * A clock for tests, for those in which time passes between one call and the next.
 *
 * @param at What time it is; now when absent
 * @throws INVALID_OPTION for what is no time
 * @example
 * const clock = fakeClock("2025-03-31T23:50:00Z");
 * await using before = await runJob(report, { now: clock });
 * clock.advance("20m");
 * await using after = await runJob(report, { now: clock });
 */
export function fakeClock(at: Date | string = new Date()): FakeClock {
  const start = timeOf(at);
  const clock = new SkippingClock(() => start);
  const made = Object.freeze({
    now: () => new Date(clock.now()),
    advance: (time: string | number) => clock.advance(millisecondsOf(time)),
  }) as FakeClock;
  clocks.set(made, clock);
  return made;
}

const clocks = new WeakMap<object, Clock>();

/** The clock of a test that says this; without it one that goes with the system's. Waits take no time in any. */
export function clockAt(time: TestTime | undefined): Clock {
  if (time === undefined) return new SkippingClock(() => Date.now());
  if (typeof time === "string" || time instanceof Date) {
    const start = timeOf(time);
    return new SkippingClock(() => start);
  }
  const found = clocks.get(time);
  if (found === undefined) throw invalid('it is a Date, a text such as "2025-03-31", or a fakeClock');
  return found;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Waits take no time: the clock is put on to when the first of those that wait would have woken. */
class SkippingClock implements Clock {
  readonly #base: () => number;
  #skipped = 0;
  #sleepers: Sleeper[] = [];
  #isWaking = false;

  constructor(base: () => number) {
    this.#base = base;
  }

  now(): number {
    return this.#base() + this.#skipped;
  }

  advance(milliseconds: number): void {
    this.#skipped += milliseconds;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      };
      const wake = (): void => {
        signal?.removeEventListener("abort", stop);
        resolve();
      };
      const sleeper = { until: this.now() + milliseconds, wake };
      if (signal?.aborted === true) {
        stop();
        return;
      }
      signal?.addEventListener("abort", stop, { once: true });
      this.#sleepers.push(sleeper);
      this.#wakeNext();
    });
  }

  /** One at a time, in the order of their times: what the first one does then, the others find done. */
  #wakeNext(): void {
    if (this.#isWaking || this.#sleepers.length === 0) return;
    this.#isWaking = true;
    setImmediate(() => {
      this.#isWaking = false;
      const [first] = this.#sleepers.toSorted((a, b) => a.until - b.until);
      if (first === undefined) return;
      this.#sleepers = this.#sleepers.filter((one) => one !== first);
      this.#skipped += Math.max(0, first.until - this.now());
      first.wake();
      this.#wakeNext();
    });
  }
}

function timeOf(at: Date | string): number {
  const time = new Date(at).getTime();
  if (Number.isNaN(time)) throw invalid(`${JSON.stringify(at)} is no time; write it like "2025-03-31"`);
  return time;
}

function millisecondsOf(time: string | number): number {
  const found = typeof time === "number" ? time : parseDuration(time);
  if (found === undefined || !(found >= 0)) {
    throw invalid(`${JSON.stringify(time)} is no duration; write it like "90m", or give milliseconds`);
  }
  return found;
}

function invalid(reason: string): MillraceError {
  return new MillraceError("INVALID_OPTION", { what: "test", key: "now", reason });
}
