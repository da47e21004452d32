import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { auc, evaluate, logLoss } from "./metrics.ts";

const one = (probability: number, late: 0 | 1) => ({ probability, flights: 1, late });
const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} instead of ${expected}`);

suite("metrics", () => {
  test("log loss is the mean of minus the log of what was given to the outcome", () => {
    close(logLoss([one(0.8, 1), one(0.4, 0)]), -(Math.log(0.8) + Math.log(0.6)) / 2);
  });

  test("a group counts as many flights as it has", () => {
    const single = [one(0.3, 1), one(0.3, 0), one(0.3, 0), one(0.6, 1)];
    const grouped = [
      { probability: 0.3, flights: 3, late: 1 },
      { probability: 0.6, flights: 1, late: 1 },
    ];
    close(logLoss(grouped), logLoss(single));
    close(auc(grouped), auc(single));
  });

  test("certainty costs nothing when right and everything when wrong", () => {
    assert.equal(logLoss([one(1, 1), one(0, 0)]), 0);
    assert.equal(logLoss([one(1, 0)]), Infinity);
  });

  test("AUC counts the pairs that are in the right order, ties by half", () => {
    // Late: 0.9 and 0.5; on time: 0.5 and 0.1. Of four pairs three are right and one is a tie.
    close(auc([one(0.9, 1), one(0.5, 1), one(0.5, 0), one(0.1, 0)]), 3.5 / 4);
    close(auc([one(0.2, 1), one(0.2, 0)]), 0.5);
    close(auc([one(0.1, 1), one(0.9, 0)]), 0);
  });

  test("the base rate's log loss is the entropy of the outcomes", () => {
    const metrics = evaluate([{ probability: 0.5, flights: 8, late: 2 }]);
    close(metrics.base_rate, 0.25);
    close(metrics.base_rate_log_loss, -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75)));
    close(metrics.log_loss, Math.log(2));
  });

  test("calibration compares what was predicted with what happened, by tenths", () => {
    const metrics = evaluate([
      { probability: 0.12, flights: 60, late: 6 },
      { probability: 0.18, flights: 40, late: 10 },
      { probability: 1, flights: 100, late: 90 },
    ]);
    const [low, high] = metrics.calibration;
    assert.deepEqual([low?.from, low?.to, low?.flights, low?.observed], [0.1, 0.2, 100, 0.16]);
    close(low?.predicted ?? Number.NaN, 0.144);
    assert.deepEqual([high?.from, high?.to, high?.flights, high?.observed], [0.9, 1, 100, 0.9]);
    close(metrics.calibration_error, (0.016 + 0.1) / 2);
  });
});
