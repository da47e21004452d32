import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { PlanStep } from "../core/plan/plan.ts";
import { heldBack, type UpstreamEnd } from "../core/run/trigger-rule.ts";
import type { EndedStep, StepOutcome } from "./execution.ts";
import { upstreamSteps } from "./steps/upstream-steps.ts";
import { scheduleTasks, type Task } from "./schedule-tasks.ts";
import { Slots } from "./slots.ts";

const step = (key: string, dependsOn: readonly string[] = []): PlanStep =>
  ({ key, dependsOn, certainty: "runs", causes: [] }) as unknown as PlanStep;
const success = (changed = true): StepOutcome => ({
  outcome: "success",
  versionIds: ["v"],
  changed: new Set(changed ? ["v"] : []),
  omitted: new Set(),
});
const failure: StepOutcome = { outcome: "failure", error: new Error("no") };
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Options {
  readonly done?: ReadonlyMap<string, StepOutcome>;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly run?: (step: PlanStep) => Promise<StepOutcome> | StepOutcome;
}

/** Steps of a plan as tasks. */
function planTasks(
  steps: readonly PlanStep[],
  run: (step: PlanStep, upstream: readonly EndedStep[]) => Promise<StepOutcome>,
): readonly Task[] {
  const byKey = new Map(steps.map((each) => [each.key, each]));
  return steps.map((each): Task => {
    const { key, dependsOn } = each;
    return {
      key,
      dependsOn,
      work: async (done) => ({ outcome: await run(each, upstreamSteps(each, byKey, done)) }),
    };
  });
}

/** Schedules, and tells what was called in which order. */
async function schedule(steps: readonly PlanStep[], options: Options = {}) {
  const started: string[] = [];
  const skipped: string[] = [];
  const changed = new Map<string, boolean>();
  let running = 0;
  let most = 0;
  const tasks = planTasks(steps, async (each, upstream) => {
    const reason = heldBack("all_success", upstream.map(endOf));
    if (reason !== undefined) {
      skipped.push(`${each.key}: ${reason}`);
      return { outcome: "upstream failed" };
    }
    const upstreamChanged = upstream.some(
      ({ outcome }) => outcome.outcome === "success" && outcome.changed.size > 0,
    );
    started.push(each.key);
    changed.set(each.key, upstreamChanged);
    running += 1;
    most = Math.max(most, running);
    try {
      return (await options.run?.(each)) ?? success();
    } finally {
      running -= 1;
    }
  });
  const { done = new Map(), concurrency = 2, signal = new AbortController().signal } = options;
  const outcomes = await scheduleTasks(tasks, done, new Slots(concurrency), signal);
  return { outcomes, started, skipped, changed, most };
}
const endOf = ({ step: { key }, outcome: { outcome } }: EndedStep): UpstreamEnd => ({
  name: key,
  end: outcome === "failure" || outcome === "upstream failed" ? "failed" : "success",
});
const outcomesOf = (outcomes: ReadonlyMap<string, StepOutcome>): Record<string, string> =>
  Object.fromEntries([...outcomes].map(([key, { outcome }]) => [key, outcome]));

test("steps that are ready start in the order of the plan, no more at once than allowed", async () => {
  const steps = ["a", "b", "c", "d", "e"].map((key) => step(key));
  const { started, most } = await schedule(steps, {
    concurrency: 2,
    run: () => tick().then(() => success()),
  });
  assert.deepEqual(started, ["a", "b", "c", "d", "e"]);
  assert.equal(most, 2);
  assert.equal((await schedule(steps, { concurrency: 99, run: () => tick().then(() => success()) })).most, 5);
});

test("a step waits for all that it depends on, and starts as soon as they are done", async () => {
  const release = new Map<string, () => void>();
  const held = new Promise<void>((resolve) => release.set("slow", resolve));
  const steps = [
    step("slow"),
    step("fast"),
    step("afterFast", ["fast"]),
    step("afterBoth", ["slow", "fast"]),
  ];
  const { started } = await schedule(steps, {
    concurrency: 3,
    async run({ key }) {
      if (key === "slow") await held;
      if (key === "afterFast") release.get("slow")?.();
      return success();
    },
  });
  assert.deepEqual(started, ["slow", "fast", "afterFast", "afterBoth"]);
});

test("a failure skips what lies downstream of it, however far, and nothing else", async () => {
  const steps = [
    step("a"),
    step("b", ["a"]),
    step("c", ["b"]),
    step("other"),
    step("below", ["other"]),
    step("both", ["c", "below"]),
  ];
  const { outcomes, skipped } = await schedule(steps, {
    run: ({ key }) => (key === "a" ? failure : success()),
  });
  assert.deepEqual(outcomesOf(outcomes), {
    a: "failure",
    other: "success",
    b: "upstream failed",
    below: "success",
    c: "upstream failed",
    both: "upstream failed",
  });
  assert.deepEqual(skipped, ["b: a did not succeed", "c: b did not succeed", "both: c did not succeed"]);
});

test("a step learns whether one of its inputs came out different", async () => {
  const steps = [
    step("new"),
    step("same"),
    step("skipped"),
    step("x", ["new", "same"]),
    step("y", ["same", "skipped"]),
    step("z"),
  ];
  const { changed } = await schedule(steps, {
    run: ({ key }) => (key === "skipped" ? { outcome: "unchanged" } : success(key !== "same")),
  });
  assert.deepEqual([changed.get("x"), changed.get("y"), changed.get("z")], [true, false, false]);
});

test("what an earlier process has done is not run again, and counts for what follows", async () => {
  const done = new Map<string, StepOutcome>([
    ["a", success()],
    ["b", { outcome: "unchanged" }],
  ]);
  const steps = [step("a"), step("b"), step("c", ["a", "b"]), step("d", ["b"])];
  const { started, changed, outcomes } = await schedule(steps, { done });
  assert.deepEqual(started, ["c", "d"]);
  assert.deepEqual([changed.get("c"), changed.get("d")], [true, false]);
  assert.equal(outcomes.size, 4);
  assert.equal(done.size, 2, "what was given is left as it is");
});

test("after an abort nothing starts any more; what runs is waited for", async () => {
  const stop = new AbortController();
  const steps = [step("a"), step("b"), step("c"), step("d", ["a"])];
  let ended = 0;
  const { started, outcomes } = await schedule(steps, {
    concurrency: 2,
    signal: stop.signal,
    async run({ key }) {
      if (key === "b") stop.abort();
      await tick();
      ended += 1;
      return success();
    },
  });
  assert.deepEqual(started, ["a", "b"]);
  assert.equal(ended, 2);
  assert.deepEqual([...outcomes.keys()], ["a", "b"]);
});

test("an abort before the first step starts none", async () => {
  assert.deepEqual((await schedule([step("a")], { signal: AbortSignal.abort() })).started, []);
});

test("an error outside any step's outcome ends the schedule once what runs has ended", async () => {
  let ended = 0;
  const run = async ({ key }: PlanStep): Promise<StepOutcome> => {
    if (key === "a") throw new Error("state is gone");
    await tick();
    ended += 1;
    return success();
  };
  await assert.rejects(schedule([step("a"), step("b"), step("c")], { run }), /state is gone/);
  assert.equal(ended, 1, "b had begun, c had not");
});

test("a step that throws at once, rather than rejecting, ends the schedule as well", async () => {
  const tasks = planTasks([step("a"), step("b", ["a"])], ({ key }) => {
    if (key === "b") throw new Error("at once");
    return Promise.resolve(success());
  });
  const thrown = scheduleTasks(tasks, new Map(), new Slots(1), new AbortController().signal);
  await assert.rejects(thrown, /at once/);
});

test("no steps are done at once", async () => {
  assert.equal((await schedule([])).outcomes.size, 0);
});

test("in any graph each step runs once, after its upstream, within the bound, and fails only below a failure", async () => {
  const edges = fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(
      edges,
      fc.integer({ min: 1, max: 5 }),
      fc.uniqueArray(fc.nat(19), { maxLength: 4 }),
      async (pairs, concurrency, bad) => {
        const upstream = Array.from({ length: 20 }, (_, index) => [
          ...new Set(pairs.filter(([from, to]) => from === index && to < index).map(([, to]) => to)),
        ]);
        const broken = (index: number): boolean =>
          (upstream[index] ?? []).some((other) => bad.includes(other) || broken(other));
        const steps = upstream.map((others, index) => step(String(index), others.map(String)));
        const finished = new Set<string>();
        const { outcomes, started, most } = await schedule(steps, {
          concurrency,
          async run({ key, dependsOn }) {
            for (const other of dependsOn) assert.ok(finished.has(other));
            if (Number(key) % 3 === 0) await tick();
            finished.add(key);
            return bad.includes(Number(key)) ? failure : success();
          },
        });
        assert.ok(most <= concurrency);
        assert.equal(new Set(started).size, started.length);
        upstream.forEach((_, index) => {
          const expected = broken(index) ? "upstream failed" : bad.includes(index) ? "failure" : "success";
          assert.equal(outcomes.get(String(index))?.outcome, expected);
        });
      },
    ),
    { numRuns: 50 },
  );
});

test("100,000 steps, side by side or in one chain, do not overflow the stack", async () => {
  const count = 100_000;
  const each = async ({ key }: PlanStep, upstream: readonly EndedStep[]): Promise<StepOutcome> => {
    if (upstream.some((ended) => endOf(ended).end === "failed")) return { outcome: "upstream failed" };
    return key === "50000" ? failure : success();
  };
  const all = (steps: readonly PlanStep[]): ReturnType<typeof scheduleTasks> =>
    scheduleTasks(planTasks(steps, each), new Map(), new Slots(8), new AbortController().signal);
  const beside = Array.from({ length: count }, (_, index) => step(String(index)));
  assert.equal((await all(beside)).get("99999")?.outcome, "success");
  const chain = beside.map(({ key }, index) => step(key, index === 0 ? [] : [String(index - 1)]));
  const outcomes = await all(chain);
  assert.equal(outcomes.get("49999")?.outcome, "success");
  assert.equal(outcomes.get("99999")?.outcome, "upstream failed");
});

const task = (key: string, dependsOn: readonly string[] = [], more: readonly Task[] = []): Task => ({
  key,
  dependsOn,
  work: () => Promise.resolve({ outcome: success(), more }),
});
const never = new AbortController().signal;

test("a task may bring others, and what waits for those starts once they have ended", async () => {
  const order: string[] = [];
  const told = (made: Task): Task => ({
    ...made,
    work(outcomes) {
      order.push(made.key);
      return made.work(outcomes);
    },
  });
  const items = ["item 1", "item 2"].map((key) => told(task(key)));
  const tasks = [
    task("after", ["all"]),
    task("list", [], [...items, told(task("all", ["item 1", "item 2"]))]),
  ];
  await scheduleTasks(tasks.map(told), new Map(), new Slots(8), never);
  assert.deepEqual(order, ["list", "item 1", "item 2", "all", "after"]);
});

test("what only decides does not wait for a place among those at work", async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow: Task = { ...task("slow"), work: () => held.then(() => ({ outcome: success() })) };
  const decides: Task = {
    ...task("decides"),
    decides: true,
    work() {
      release();
      return Promise.resolve({ outcome: success() });
    },
  };
  const outcomes = await scheduleTasks([slow, decides, task("next")], new Map(), new Slots(1), never);
  assert.deepEqual([...outcomes.keys()].toSorted(), ["decides", "next", "slow"]);
});

test("a task that waits for what nobody brings is an error, not a run that ends early", async () => {
  await assert.rejects(
    scheduleTasks([task("a", ["ghost"])], new Map(), new Slots(1), never),
    /a waits for something/,
  );
});
