import assert from "node:assert/strict";
import { test } from "node:test";
import { Wakefulness } from "./wakefulness.ts";

test("who naps as long as he meant to is awake all the while (N35)", () => {
  const wakefulness = new Wakefulness();
  assert.deepEqual(
    [0, 250, 260, 1_400].map((took) => wakefulness.napped(250, took)),
    [250, 500, 750, 1_000],
  );
});

test("who slept longer, with the lid closed or stopped, begins to count anew (N35)", () => {
  const wakefulness = new Wakefulness();
  wakefulness.napped(250, 250);
  assert.equal(wakefulness.napped(250, 3_600_000), 0);
  assert.equal(wakefulness.napped(250, 250), 250);
});

test("a clock that is set back tells nothing of the time before (N35)", () => {
  const wakefulness = new Wakefulness();
  wakefulness.napped(250, 250);
  assert.equal(wakefulness.napped(250, -3_600_000), 0);
});
