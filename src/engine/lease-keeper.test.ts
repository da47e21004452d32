import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "../core/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { RunLease, RunStore } from "../ports/state/run-store.ts";
import { keepLease } from "./lease-keeper.ts";

const lease: RunLease = { runId: "r", token: 1, snapshot: 1 };
const leaseMs = 900;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes only when a test says so. */
class HandClock implements Clock {
  #now = 0;
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + milliseconds, wake: resolve };
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(new Error("aborted"));
      };
      if (signal?.aborted === true) return abort();
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  get sleeping(): number {
    return this.#sleepers.size;
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      await settled();
      const next = [...this.#sleepers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#sleepers.delete(next);
      this.#now = next.at;
      next.wake();
    }
    this.#now = end;
    await settled();
  }
}

/** A keeper over a store that answers as told; `renewed` holds the times it was asked. */
function keeping(answer: (time: number) => Promise<void> | void) {
  const clock = new HandClock();
  const renewed: number[] = [];
  const lost: MillraceError[] = [];
  const runs = {
    async renew(of: RunLease, length: number) {
      assert.equal(of, lease);
      assert.equal(length, leaseMs);
      renewed.push(clock.now());
      await answer(clock.now());
    },
  } as unknown as RunStore;
  const keeper = keepLease(lease, leaseMs, runs, clock, (reason) => lost.push(reason));
  return { clock, renewed, lost, keeper };
}

test("a lease is renewed three times in its length, until it is given up (N35)", async () => {
  const { clock, renewed, lost, keeper } = keeping(() => undefined);
  await clock.pass(1_000);
  assert.deepEqual(renewed, [300, 600, 900]);
  await keeper.stop();
  await clock.pass(5_000);
  assert.equal(renewed.length, 3);
  assert.deepEqual(lost, []);
  assert.equal(clock.sleeping, 0, "no timer is left");
});

test("a run that has a new owner is lost at once, and that is the end of it (N35)", async () => {
  const { clock, renewed, lost, keeper } = keeping(() => {
    throw new MillraceError("RUN_LOST", { run: "r" });
  });
  await clock.pass(5_000);
  assert.deepEqual(renewed, [300]);
  assert.deepEqual(
    lost.map(({ code }) => code),
    ["RUN_LOST"],
  );
  assert.equal(clock.sleeping, 0);
  await keeper.stop();
});

test("a state that fails for a shorter time than the lease costs nothing", async () => {
  const { clock, renewed, lost, keeper } = keeping((time) => {
    if (time === 300 || time === 600) throw new Error("busy");
  });
  await clock.pass(2_000);
  assert.deepEqual(renewed, [300, 600, 900, 1_200, 1_500, 1_800]);
  assert.deepEqual(lost, []);
  await keeper.stop();
});

test("a state that fails for a whole lease loses the run, with the cause (N35)", async () => {
  const { clock, renewed, lost, keeper } = keeping((time) => {
    if (time > 300) throw new Error("gone");
  });
  await clock.pass(1_199);
  assert.equal(lost.length, 0);
  await clock.pass(1);
  assert.deepEqual(renewed, [300, 600, 900, 1_200]);
  assert.equal(lost[0]?.code, "RUN_LOST");
  assert.match(String(lost[0].cause), /gone/);
  await clock.pass(5_000);
  assert.equal(lost.length, 1);
  await keeper.stop();
});

test("a state that does not answer at all loses the run when the lease ends (N35)", async () => {
  const { clock, lost, keeper } = keeping((time) => (time > 300 ? new Promise(() => undefined) : undefined));
  await clock.pass(1_199);
  assert.equal(lost.length, 0);
  await clock.pass(1);
  assert.equal(lost[0]?.code, "RUN_LOST");
  assert.equal(clock.sleeping, 0);
  await keeper.stop();
});

test("a lease counts from when its renewal was asked for, not from when the answer came (N35)", async () => {
  const { clock, lost, keeper } = keeping(async (time) => {
    if (time > 300) throw new Error("gone");
    await clock.sleep(250);
  });
  // Asked at 300, answered at 550; it ends at 1,200 at the latest.
  await clock.pass(1_199);
  assert.equal(lost.length, 0);
  await clock.pass(1);
  assert.equal(lost.length, 1);
  await keeper.stop();
});

test("giving up does not wait for a state that does not answer", async () => {
  const { clock, lost, keeper } = keeping(() => new Promise(() => undefined));
  await clock.pass(400);
  await keeper.stop();
  assert.deepEqual(lost, []);
  assert.equal(clock.sleeping, 0);
});
