import assert from "node:assert/strict";
import { test } from "node:test";
import { callOp, instead, runJob } from "millrace/testing";
import { counters, type Counters } from "../counters.ts";
import { doItem, fanOut } from "../fan-out.ts";
import { killedFanOut } from "./killed-fan-out.ts";

/** Counters in memory. */
function countersInMemory() {
  const counts = new Map<number, number>();
  const instance: Counters = { count: async (item) => void counts.set(item, (counts.get(item) ?? 0) + 1) };
  return { counts, instance };
}

test("a fan-out does each item once", async () => {
  const { counts, instance } = countersInMemory();
  await using run = await runJob(fanOut, {
    config: { items: 300 },
    resources: [instead(counters, instance)],
  });
  assert.equal(run.output, (300 * 299) / 2);
  assert.deepEqual([counts.size, ...new Set(counts.values())], [300, 1]);
});

test("an item counts itself", async () => {
  const { counts, instance } = countersInMemory();
  await using call = await callOp(doItem, { input: { item: 7 }, resources: [instead(counters, instance)] });
  assert.deepEqual([call.output, [...counts]], [7, [[7, 1]]]);
});

test(
  "a fan-out of 5,000 items that is killed in the middle, twice, does all of them and none again that was committed (promise 3)",
  {
    timeout: 180_000,
  },
  async () => killedFanOut(),
);
