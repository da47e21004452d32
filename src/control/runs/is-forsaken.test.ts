import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunRecord } from "../../core/run/run.ts";
import type { ControlContext } from "../control-context.ts";
import { isForsaken } from "./is-forsaken.ts";

const owner = { host: "here", pid: 7, processStart: "1" };
const leaseMs = 6_000;
const silent = { id: "r", token: 1, owner, leased: false } as RunRecord;

/** A machine on which time passes by naps; `naps` says how long each takes instead. */
function machine({
  alive = () => true,
  now = () => silent,
  naps = [],
}: {
  alive?: (at: number) => boolean | undefined;
  now?: (at: number) => RunRecord | undefined;
  naps?: readonly number[];
}) {
  let at = 0;
  let napped = 0;
  const killed: number[] = [];
  const context = {
    scope: {},
    leaseMs,
    clock: {
      now: () => at,
      sleep: async (milliseconds: number) => {
        at += naps[napped] ?? milliseconds;
        napped += 1;
      },
    },
    processes: {
      self: owner,
      isAlive: () => alive(at),
      kill: async ({ pid }: typeof owner) => {
        killed.push(pid);
        return true;
      },
    },
    state: { runs: { get: async () => now(at) } },
  } as unknown as ControlContext;
  return { context, killed, at: () => at };
}

test("a live lease is nobody's to take while its process lives, or may live (N35)", async () => {
  for (const alive of [true, undefined]) {
    const { context, killed, at } = machine({ alive: () => alive });
    assert.equal(await isForsaken({ ...silent, leased: true }, context), false);
    assert.deepEqual([killed, at()], [[], 0]);
  }
});

test("a process that is gone is not waited for, whatever its lease (N35)", async () => {
  for (const leased of [true, false]) {
    const { context, killed, at } = machine({ alive: () => false });
    assert.equal(await isForsaken({ ...silent, leased }, context), true);
    assert.deepEqual([killed, at()], [[], 0]);
  }
});

test("on another machine the lease alone tells (N35)", async () => {
  const { context, killed, at } = machine({ alive: () => undefined });
  assert.equal(await isForsaken(silent, context), true);
  assert.deepEqual([killed, at()], [[], 0]);
});

test("a process that lives and stays silent is killed after half a lease, not before (N35)", async () => {
  const { context, killed, at } = machine({});
  assert.equal(await isForsaken(silent, context), true);
  assert.deepEqual(killed, [7]);
  assert.equal(at(), leaseMs / 2);
});

test("a process that renews its lease after all is left at work (N35)", async () => {
  const { context, killed } = machine({ now: (at) => ({ ...silent, leased: at >= 2_500 }) });
  assert.equal(await isForsaken(silent, context), false);
  assert.deepEqual(killed, []);
});

test("a run that somebody else has taken meanwhile is his (N35)", async () => {
  const { context, killed } = machine({ now: (at) => ({ ...silent, token: at >= 1_000 ? 2 : 1 }) });
  assert.equal(await isForsaken(silent, context), false);
  assert.deepEqual(killed, []);
});

test("a process that ends meanwhile need not be killed (N35)", async () => {
  const { context, killed } = machine({ alive: (at) => at < 1_000 });
  assert.equal(await isForsaken(silent, context), true);
  assert.deepEqual(killed, []);
});

test("who has just woken judges nobody before he has been awake for that long (N35)", async () => {
  const hour = 3_600_000;
  const { context, killed, at } = machine({ naps: [500, 500, 500, 500, hour] });
  assert.equal(await isForsaken(silent, context), true);
  assert.deepEqual(killed, [7]);
  assert.equal(at(), 2_000 + hour + leaseMs / 2);
  const renewed = machine({
    naps: [500, 500, 500, 500, hour],
    now: (at) => ({ ...silent, leased: at >= hour + 3_000 }),
  });
  assert.equal(await isForsaken(silent, renewed.context), false);
  assert.deepEqual(renewed.killed, []);
});
