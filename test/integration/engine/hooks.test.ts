import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  asset,
  assetCheck,
  defineProject,
  job,
  multiAsset,
  op,
  partitions,
  skip,
  type RunHooks,
  type StepHooks,
} from "millrace";
import * as z from "zod";
import { runJob } from "../../../src/control/jobs/run-job.ts";
import { materialize, type MaterializeOptions } from "../../../src/control/runs/materialize.ts";
import { projectDefinition } from "../../../src/core/project/project.ts";
import { openTestWorld } from "../../../src/testing/test-world.ts";

/** Hooks of a step that note what they were called for. */
function stepHooks(calls: string[], of: string): StepHooks {
  return {
    onSuccess: ({ step, attempt }) => void calls.push(`${of} success ${step} ${attempt}`),
    onFailure: ({ step, attempt, error }) =>
      void calls.push(`${of} failure ${step} ${attempt} ${error.code}`),
  };
}

/** The same of a project. */
function runHooks(calls: string[]): RunHooks {
  const { onSuccess, onFailure } = stepHooks(calls, "project");
  return {
    ...(onSuccess === undefined ? {} : { onStepSuccess: onSuccess }),
    ...(onFailure === undefined ? {} : { onStepFailure: onFailure }),
    onSuccess: ({ outcome }) => void calls.push(`run ${outcome.status} ${outcome.succeeded}`),
    onFailure: ({ outcome }) => void calls.push(`run ${outcome.status} ${outcome.failed.length}`),
  };
}

async function open(t: TestContext, definitions: object, hooks: RunHooks = {}) {
  const project = projectDefinition(defineProject({ name: "hooked", definitions: [definitions], hooks }));
  const world = await openTestWorld(project ?? assert.fail(), process.cwd(), undefined);
  t.after(() => world.close());
  const { context } = world.open;
  return {
    state: context.state,
    scope: context.scope,
    run: (options: MaterializeOptions = {}) => materialize({ selection: "*" }, context, options),
    runJob: (name: string) => runJob({ job: name }, context, {}),
    events: (...types: ("hook.failed" | "log")[]) => context.state.events.read(context.scope, { types }),
  };
}

describe("hooks", () => {
  test("of a step that succeeded are called once that is durable, its own before its project's, and the run's last", async (t) => {
    const calls: string[] = [];
    const durable: unknown[] = [];
    const orders = asset("orders", {
      value: z.int(),
      run: () => 1,
      hooks: {
        async onSuccess({ step, assets, run, signal }) {
          const [found] = await opened.state.runs.steps(run.id);
          durable.push([found?.status, step, assets, run.snapshot, signal.aborted]);
          await delay(50);
          calls.push("own");
        },
      },
    });
    const opened = await open(t, { orders }, runHooks(calls));
    const { outcome } = await opened.run();
    assert.equal(outcome?.status, "success");
    assert.deepEqual(durable, [["success", "orders", ["orders"], 0, false]]);
    assert.deepEqual(calls, ["own", "project success orders 1", "run success 1"]);
  });

  test("of a run are called once it has ended and published", async (t) => {
    const seen: unknown[] = [];
    const orders = asset("orders", { value: z.int(), run: () => 1 });
    const opened = await open(
      t,
      { orders },
      {
        async onSuccess({ run, outcome }) {
          const record = await opened.state.runs.get(opened.scope, run.id);
          seen.push([
            record?.status,
            outcome.snapshot,
            (await opened.state.catalog.head(opened.scope)).number,
          ]);
        },
      },
    );
    await opened.run();
    assert.deepEqual(seen, [["success", 1, 1]]);
  });

  test("of a step that failed are given the error with its cause, and how often it was tried, once it is not tried again", async (t) => {
    const calls: string[] = [];
    const cause = new TypeError("no answer");
    const seen: unknown[] = [];
    const flaky = asset("flaky", {
      value: z.int(),
      retry: { max: 2, delay: "1ms" },
      run: () => {
        throw cause;
      },
      hooks: {
        onSuccess: () => void calls.push("never"),
        onFailure: ({ error, attempt }) =>
          void seen.push([error.code, error.message, error.cause, error.place.asset, attempt]),
      },
    });
    const { run } = await open(t, { flaky }, runHooks(calls));
    await run();
    assert.deepEqual(seen, [["STEP_FAILED", "flaky failed: no answer", cause, "flaky", 3]]);
    assert.deepEqual(calls, ["project failure flaky 3 STEP_FAILED", "run failure 1"]);
  });

  test("are not called for a try that is followed by another", async (t) => {
    const calls: string[] = [];
    const flaky = asset("flaky", {
      value: z.int(),
      retry: { max: 2, delay: "1ms" },
      run: (_, { attempt }) => {
        if (attempt < 3) throw new Error("no answer");
        return 1;
      },
      hooks: stepHooks(calls, "own"),
    });
    await (await open(t, { flaky })).run();
    assert.deepEqual(calls, ["own success flaky 3"]);
  });

  test("are not called for what was skipped, by its code or because of another, and not for what is unchanged", async (t) => {
    const calls: string[] = [];
    const hooks = stepHooks(calls, "own");
    const skipped = asset("skipped", { value: z.int(), hooks, run: () => skip("nothing new") });
    const failed = asset("failed", {
      value: z.int(),
      hooks,
      run: () => {
        throw new Error("no");
      },
    });
    const below = asset("below", { value: z.int(), deps: { failed }, hooks, run: () => 1 });
    const opened = await open(t, { skipped, failed, below });
    await opened.run();
    assert.deepEqual(calls, ["own failure failed 1 STEP_FAILED"]);
  });

  test("are not called for a step and a run that were canceled", async (t) => {
    const calls: string[] = [];
    const cancel = new AbortController();
    const slow = asset("slow", {
      value: z.int(),
      hooks: stepHooks(calls, "own"),
      run: async (_, { signal }) => {
        cancel.abort();
        await delay(10_000, undefined, { signal });
        return 1;
      },
    });
    const { run } = await open(t, { slow }, runHooks(calls));
    const { outcome } = await run({ signal: cancel.signal });
    assert.equal(outcome?.status, "canceled");
    assert.deepEqual(calls, []);
  });

  test("of what several assets are made of are called for the step, and of partitions for each", async (t) => {
    const calls: string[] = [];
    const months = partitions.static(["a", "b"]);
    const both = multiAsset("both", {
      outputs: { one: { value: z.int() }, two: { value: z.int() } },
      partitions: months,
      hooks: { onSuccess: ({ step, assets }) => void calls.push(`${step} ${assets.join(" ")}`) },
      run: () => ({ one: 1, two: 2 }),
    });
    await (await open(t, both)).run();
    assert.deepEqual(calls.sort(), ["both[a] both/one both/two", "both[b] both/one both/two"]);
  });

  test("of a step whose publish a check of the whole asset refuses are called for its success, then for its failure", async (t) => {
    for (const publish of ["run", "step"] as const) {
      const calls: string[] = [];
      const orders = asset("orders", {
        value: z.int(),
        partitions: partitions.static(["a"]),
        hooks: stepHooks(calls, "own"),
        run: () => 1,
      });
      const whole = assetCheck("is whole", {
        asset: orders,
        scope: "asset",
        run: () => ({ passed: false, description: "it is not" }),
      });
      const { outcome } = await (await open(t, { orders, whole }, runHooks(calls))).run({ publish });
      assert.equal(outcome?.status, "failure");
      assert.deepEqual(calls, [
        "own success orders[a] 1",
        "project success orders[a] 1",
        "own failure orders[a] 1 CHECK_FAILED",
        "project failure orders[a] 1 CHECK_FAILED",
        "run failure 1",
      ]);
    }
  });

  test("that fail are told as events, with their lines, and change nothing", async (t) => {
    const orders = asset("orders", {
      value: z.int(),
      run: () => 1,
      hooks: {
        onSuccess: ({ log }) => {
          log.info("calling", { who: "nobody" });
          throw new Error("nobody is there");
        },
      },
    });
    const told: string[] = [];
    const opened = await open(
      t,
      { orders },
      {
        onSuccess: async ({ log }) => {
          log.warn("the end");
          await Promise.reject(new Error("no mail today"));
        },
      },
    );
    const { outcome } = await opened.run({
      report: (progress) => {
        if (progress.progress === "hook.failed")
          told.push(`${progress.step} ${progress.hook} ${progress.of} ${progress.reason}`);
      },
    });
    assert.deepEqual([outcome?.status, outcome?.succeeded, outcome?.snapshot], ["success", 1, 1]);
    assert.deepEqual(told, [
      "orders onSuccess asset orders nobody is there",
      "undefined onSuccess project no mail today",
    ]);
    const events = await opened.events("hook.failed", "log");
    assert.deepEqual(
      events.map(({ type, step, data }) => [
        type,
        step,
        "message" in data ? data.message : "reason" in data && data.reason,
      ]),
      [
        ["log", "orders", "calling"],
        ["hook.failed", "orders", "nobody is there"],
        ["log", undefined, "the end"],
        ["hook.failed", undefined, "no mail today"],
      ],
    );
  });

  test("run beside the steps below, and the run ends after them", async (t) => {
    const calls: string[] = [];
    const first = asset("first", {
      value: z.int(),
      run: () => 1,
      hooks: {
        onSuccess: async () => {
          await delay(200);
          calls.push("hook of first");
        },
      },
    });
    const second = asset("second", {
      value: z.int(),
      deps: { first },
      run: () => {
        calls.push("second");
        return 2;
      },
    });
    await (await open(t, { first, second })).run();
    assert.deepEqual(calls, ["second", "hook of first"]);
  });

  test("that never end are waited for half a minute, and told", { timeout: 60_000 }, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let aborted: AbortSignal | undefined;
    const orders = asset("orders", {
      value: z.int(),
      run: () => 1,
      hooks: {
        onSuccess: ({ signal }) => {
          aborted = signal;
          setImmediate(() => t.mock.timers.tick(30_000));
          return new Promise(() => undefined);
        },
      },
    });
    const opened = await open(t, { orders });
    const { outcome } = await opened.run();
    assert.equal(outcome?.status, "success");
    assert.equal(aborted?.aborted, true);
    const [failed] = await opened.events("hook.failed");
    assert.match(JSON.stringify(failed?.data), /longer than its limit of 30\.0 s/);
  });

  test("of ops, their jobs and the project are called in this order; those of another job are not", async (t) => {
    const calls: string[] = [];
    const pages = op("pages", { output: z.array(z.int()), run: () => [1, 2] });
    const fetchPage = op("fetch_page", {
      input: z.object({ page: z.int() }),
      hooks: stepHooks(calls, "own"),
      run: ({ input }) => {
        if (input.page === 2) throw new Error("gone");
      },
    });
    const ingest = job("ingest", {
      hooks: {
        onStepFailure: ({ step, assets }) => void calls.push(`job ${step} ${assets.length}`),
        onFailure: ({ outcome }) =>
          void calls.push(`end of job ${outcome.failed.map(({ step }) => step).join()}`),
      },
      graph: ({ map }) => void map(pages(), (page) => fetchPage({ page })),
    });
    const other = job("other", {
      hooks: { onFailure: () => void calls.push("never"), onStepFailure: () => void calls.push("never") },
      graph: () => void pages(),
    });
    const opened = await open(t, { ingest, other }, { onFailure: () => void calls.push("end for project") });
    const { outcome } = await opened.runJob("ingest");
    assert.equal(outcome?.status, "failure");
    assert.deepEqual(calls, [
      "own success fetch_page[0] 1",
      "own failure fetch_page[1] 1 STEP_FAILED",
      "job fetch_page[1] 0",
      "end of job fetch_page[1]",
      "end for project",
    ]);
  });

  test("that are misspelt, or no functions, are told when the project is loaded", () => {
    const wrong = (hooks: unknown): readonly string[] => {
      const orders = asset("orders", { value: z.int(), run: () => 1, hooks: hooks as StepHooks });
      const project = projectDefinition(
        defineProject({ name: "p", definitions: [{ orders }], hooks: hooks as RunHooks }),
      );
      const problems = [...(project?.assets[0]?.problems ?? []), ...(project?.problems ?? [])];
      return problems.map(({ message }) => message);
    };
    const told = [
      "asset orders: hooks must be functions by the names onSuccess, onFailure",
      "project p: hooks must be functions by the names onSuccess, onFailure, onStepSuccess, onStepFailure",
    ];
    assert.deepEqual(wrong({ onSucess: () => undefined }), told);
    assert.deepEqual(wrong({ onSuccess: "mail" }), told);
    assert.deepEqual(wrong([]), told);
    assert.deepEqual(wrong({ onSuccess: undefined }), []);
  });
});
