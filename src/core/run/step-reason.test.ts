import assert from "node:assert/strict";
import { test } from "node:test";
import { stepReason } from "./step-reason.ts";

test("beside a step's name its reason does not say the name again", () => {
  for (const [reason, told] of [
    ["orders: the result is odd", "the result is odd"],
    ["orders failed: no answer", "no answer"],
    ["orders took too long", "it took too long"],
    ["orders_file is gone", "orders_file is gone"],
    ["the till is closed", "the till is closed"],
  ] as const) {
    assert.equal(stepReason("orders", reason), told);
  }
});
