import assert from "node:assert/strict";
import { test } from "node:test";
import { noRetry, retryDelay, retryPolicy, type RetryPolicy } from "./retry.ts";

const policy = (given: Partial<RetryPolicy>): RetryPolicy => ({
  max: 10,
  delayMs: 100,
  backoff: "constant",
  jitter: "none",
  ...given,
});
const delays = (given: Partial<RetryPolicy>): number[] =>
  [1, 2, 3, 4].map((attempt) => retryDelay(policy(given), attempt, () => 0.5));

test("without options nothing is tried again", () => {
  assert.equal(retryPolicy(undefined), noRetry);
  assert.equal(noRetry.max, 0);
});

test("a policy has its defaults: one second, exponential, no jitter", () => {
  assert.deepEqual(retryPolicy({ max: 3 }), {
    max: 3,
    delayMs: 1_000,
    backoff: "exponential",
    jitter: "none",
  });
  const full = { max: 1, delay: "2s", backoff: "linear", jitter: "full" } as const;
  assert.deepEqual(retryPolicy(full), { max: 1, delayMs: 2_000, backoff: "linear", jitter: "full" });
});

test("options that make no sense are no policy", () => {
  for (const options of [
    { max: -1 },
    { max: 1.5 },
    { max: Infinity },
    { max: NaN },
    { max: 1, delay: "soon" },
  ]) {
    assert.equal(retryPolicy(options), undefined, JSON.stringify(options));
  }
});

test("the wait is constant, or grows with the attempt or its power of two", () => {
  assert.deepEqual(delays({ backoff: "constant" }), [100, 100, 100, 100]);
  assert.deepEqual(delays({ backoff: "linear" }), [100, 200, 300, 400]);
  assert.deepEqual(delays({ backoff: "exponential" }), [100, 200, 400, 800]);
});

test("full jitter takes a random part of the wait", () => {
  assert.deepEqual(delays({ backoff: "exponential", jitter: "full" }), [50, 100, 200, 400]);
  assert.equal(
    retryDelay(policy({ jitter: "full" }), 1, () => 0),
    0,
  );
});

test("no wait is longer than a day, after however many attempts", () => {
  assert.equal(
    retryDelay(policy({ backoff: "exponential" }), 10_000, () => 0),
    86_400_000,
  );
});
