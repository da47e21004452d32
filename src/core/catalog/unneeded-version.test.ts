import assert from "node:assert/strict";
import { test } from "node:test";
import { isUnneeded, type UnpublishedVersion } from "./unneeded-version.ts";

const ended = { token: 1, ended: true };
const live = { token: 1, ended: false };
const made: UnpublishedVersion = { state: "staged", madeAt: 1_000, run: ended, token: 1, waits: false };

test("what is complete but was never current is kept as long as its asset (N2)", () => {
  for (const state of ["staged", "rejected", "superseded"] as const) {
    assert.equal(isUnneeded({ ...made, state }, 500, 1_499), false, state);
    assert.equal(isUnneeded({ ...made, state }, 500, 1_500), true, state);
  }
});

test("nothing of a run that has not ended goes, however old (N2)", () => {
  for (const state of ["staged", "rejected", "superseded", "intended"] as const) {
    assert.equal(isUnneeded({ ...made, state, run: live }, 0, 1e12), false, state);
  }
});

test("an intent goes when its token is dead: its run was taken over, has ended or is gone (N2)", () => {
  const intended = { ...made, state: "intended" } as const;
  assert.equal(isUnneeded({ ...intended, run: { token: 2, ended: false } }, 1e12, 0), true);
  assert.equal(isUnneeded({ ...intended, run: ended }, 1e12, 0), true);
  assert.equal(isUnneeded({ ...intended, run: undefined }, 1e12, 0), true);
});

test("what was abandoned goes at once, for nobody completes it (N2)", () => {
  assert.equal(isUnneeded({ ...made, state: "abandoned" }, 1e12, 1_000), true);
});

test("a version that waits for a hold to end stays (N17)", () => {
  assert.equal(isUnneeded({ ...made, waits: true }, 0, 1e12), false);
});
