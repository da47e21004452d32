import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../../ports/clock.ts";
import { LimitKeeper } from "./limit-keeper.ts";

const limit = { step: "orders", limitMs: 1_000, graceMs: 800 };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A keeper on a machine whose naps take as long as they should, or as `late` says; what was overdue, and when. */
function keeping(late: (at: number, milliseconds: number) => number = (_, milliseconds) => milliseconds) {
  let at = 0;
  let onNap: (at: number) => void = () => undefined;
  const clock: Clock = {
    now: () => at,
    async sleep(milliseconds, signal) {
      at += late(at, milliseconds);
      onNap(at);
      await settled();
      signal?.throwIfAborted();
    },
  };
  const overdue: string[] = [];
  const keeper = new LimitKeeper(clock, ({ step }, run) => overdue.push(`${run} ${step} ${at}`));
  return {
    keeper,
    overdue,
    whenNapped: (then: (at: number) => void): void => {
      onNap = then;
    },
    rest: async (): Promise<void> => {
      for (let turn = 0; turn < 100; turn += 1) await settled();
    },
  };
}

test("a limit that nobody notices is overdue a grace after it (N35)", async () => {
  const { keeper, overdue, rest } = keeping();
  keeper.begin(1, 7, limit);
  await rest();
  assert.deepEqual(overdue, ["7 orders 1800"]);
});

for (const at of [1_000, 1_700]) {
  test(`a limit that is noticed at ${at} is not overdue (N35)`, async () => {
    const { keeper, overdue, rest, whenNapped } = keeping();
    whenNapped((now) => {
      if (now >= at) keeper.end(1);
    });
    keeper.begin(1, 7, limit);
    await rest();
    assert.deepEqual(overdue, []);
  });
}

test("a process that was stopped, or slept, is given the whole grace once it is awake (N35)", async () => {
  const hour = 3_600_000;
  const { keeper, overdue, rest } = keeping((at, milliseconds) => (at === 1_400 ? hour : milliseconds));
  keeper.begin(1, 7, limit);
  await rest();
  assert.deepEqual(overdue, [`7 orders ${1_400 + hour + 800}`]);
});
