import assert from "node:assert/strict";
import { test } from "node:test";
import { suggest } from "./suggest.ts";

const keys = ["daily_delays", "delay_model", "flights", "raw_flights", "route_stats"];

test("typing errors are seen through: letters missing, added, changed, swapped", () => {
  for (const typed of ["daly_delays", "daily_delayss", "dailx_delays", "dialy_delays", "DAILY_DELAYS"]) {
    assert.equal(suggest(typed, keys)[0], "daily_delays", typed);
  }
});

test("part of a name suggests the names that have it, after those that are nearer", () => {
  assert.deepEqual(suggest("delays", keys), ["daily_delays"]);
  assert.deepEqual(suggest("flight", keys), ["flights", "raw_flights"]);
});

test("nothing is suggested when nothing is near", () => {
  assert.deepEqual(suggest("customers", keys), []);
  assert.deepEqual(suggest("x", keys), []);
});
