import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset } from "millrace";
import * as z from "zod";
import { openWorld } from "./world.ts";
import { rollBack } from "../../../src/control/snapshots/roll-back.ts";

const me = { by: "ada", reason: "" };

/** An asset that works until it is let go, and counts. */
function gate() {
  const releases: (() => void)[] = [];
  let started = (): void => undefined;
  const working = new Promise<void>((resolve) => (started = resolve));
  let runs = 0;
  const slow = asset("slow", {
    value: z.int(),
    run: async () => {
      runs += 1;
      started();
      const value = runs;
      if (value === 1) await new Promise<void>((resolve) => releases.push(resolve));
      return value;
    },
  });
  return { slow, working, release: () => releases.forEach((one) => one()), runs: () => runs };
}

suite("two runs at one place", () => {
  test("the second one waits until the first one has published, and then makes it (N15)", async (t) => {
    const { slow, working, release, runs } = gate();
    const world = await openWorld(t, { slow });
    const first = world.materialize({});
    await working;
    const second = world.materialize({}, { claims: "wait" });
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(runs(), 1);
    release();
    const [one, two] = await Promise.all([first, second]);
    assert.deepEqual([one.outcome?.status, two.outcome?.status], ["success", "success"]);
    assert.equal(await world.value("slow"), 2);
    assert.deepEqual([one.outcome?.snapshot, two.outcome?.snapshot], [1, 2]);
  });

  test("or leaves it to the first one, with what reads it, and succeeds (N15)", async (t) => {
    const { slow, working, release, runs } = gate();
    const below = asset("below", { value: z.int(), deps: { slow }, run: async ({ slow }) => slow.get() });
    const world = await openWorld(t, { slow, below });
    const first = world.materialize({ selection: "slow" });
    await working;
    const { outcome } = await world.materialize({}, { claims: "skip" });
    assert.deepEqual([outcome?.status, outcome?.skipped, outcome?.failed], ["success", 2, []]);
    const steps = await world.world.open.context.state.runs.steps(outcome?.runId ?? "");
    assert.match(steps.find(({ key }) => key === "slow")?.reason ?? "", /is being written by run/);
    release();
    await first;
    assert.equal(runs(), 1);
  });

  test("a waiting step ends at once when its run is canceled (N15)", async (t) => {
    const { slow, working, release } = gate();
    const world = await openWorld(t, { slow });
    const first = world.materialize({});
    await working;
    const cancel = new AbortController();
    const second = world.materialize({}, { claims: "wait", signal: cancel.signal });
    setTimeout(() => cancel.abort(), 100);
    assert.equal((await second).outcome?.status, "canceled");
    release();
    await first;
  });

  test("a rollback under a run that is at work holds what that run then makes, and what it made from it (N14, N17)", async (t) => {
    let made = 0;
    const pauses: Promise<void>[] = [];
    let reached = (): void => undefined;
    const source = asset("source", {
      value: z.int(),
      run: async () => {
        made += 1;
        reached();
        await pauses.at(-1);
        return made;
      },
    });
    const result = asset("result", {
      value: z.int(),
      deps: { source },
      run: async ({ source }) => (await source.get()) * 10,
    });
    const world = await openWorld(t, { source, result });
    await world.materialize({});
    await world.materialize({});
    let go = (): void => undefined;
    pauses.push(new Promise<void>((resolve) => (go = resolve)));
    const working = new Promise<void>((resolve) => (reached = resolve));
    const third = world.materialize({});
    await working;
    await rollBack({ selection: "source", ...me }, world.world.open.context);
    go();
    const { outcome } = await third;
    assert.deepEqual([outcome?.status, outcome?.held], ["success", ["source", "result"]]);
    assert.deepEqual([await world.value("source"), await world.value("result")], [1, 20]);
    // What reads it is stale now, and is made from what is held.
    const stale = await world.materialize({ staleOnly: true });
    assert.deepEqual(
      stale.plan.steps.map(({ key }) => key),
      ["result"],
    );
    assert.equal(await world.value("result"), 10);
  });
});
