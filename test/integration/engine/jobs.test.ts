import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { asset, graph, job, op, partitions, skip, sql, type MillraceError } from "millrace";
import * as z from "zod";
import { openWorld, type World } from "./world.ts";

const list = op("list", {
  input: z.object({ n: z.int() }),
  output: z.array(z.int()),
  run: ({ input }) => Array.from({ length: input.n }, (_, index) => index),
});
const double = op("double", {
  input: z.object({ n: z.int() }),
  output: z.int(),
  run: ({ input }) => 2 * input.n,
});
const sum = op("sum", {
  input: z.object({ parts: z.array(z.int()) }),
  output: z.int(),
  run: ({ input }) => input.parts.reduce((total, part) => total + part, 0),
});
const isBig = op("is_big", {
  input: z.object({ n: z.int() }),
  output: z.boolean(),
  run: ({ input }) => input.n > 10,
});
const note = op("note", {
  input: z.object({ text: z.string() }),
  output: z.string(),
  run: ({ input }) => input.text,
});
const failing = op("failing", {
  output: z.int(),
  run: () => {
    throw new Error("it broke");
  },
});
const skipping = op("skipping", { output: z.int(), run: () => skip("nothing new") });

/** `key status` of each step of a run, in the order of the run. */
async function steps({ world }: World, runId: string): Promise<readonly string[]> {
  const recorded = await world.open.context.state.runs.steps(runId);
  return recorded.map(
    ({ key, status, reason }) => `${key} ${status}${reason === undefined ? "" : `: ${reason}`}`,
  );
}

suite("the graph of a job", () => {
  test("runs its ops, each once what it is given is there, and gives what the function gives", async (t) => {
    const total = job("total", {
      config: z.object({ n: z.int().default(3) }),
      graph({ config, map }) {
        const parts = map(list({ n: config.n }), (n) => double({ n }));
        return { parts, total: sum({ parts }) };
      },
    });
    const world = await openWorld(t, { total });
    const outcome = await world.runJob({ job: "total" });
    assert.deepEqual([outcome.status, outcome.output], ["success", { parts: [0, 2, 4], total: 6 }]);
    assert.deepEqual(await steps(world, outcome.runId), [
      "list success",
      "sum success",
      "double[0] success",
      "double[1] success",
      "double[2] success",
    ]);
    assert.equal(outcome.succeeded, 5);
    const more = await world.runJob({ job: "total", config: { config: { n: 1 } } });
    assert.deepEqual(more.output, { parts: [0], total: 0 });
  });

  test("maps nest, and items have names of their own", async (t) => {
    const grid = job("grid", {
      graph: ({ map }) => {
        const rows = map(
          list({ n: 2 }),
          (row) => map(list({ n: 3 }), (column) => sum({ parts: [row, column] }), { key: (n) => `c${n}` }),
          { key: (n) => `r${n}` },
        );
        return rows;
      },
    });
    const world = await openWorld(t, { grid });
    const outcome = await world.runJob({ job: "grid" });
    assert.deepEqual(outcome.output, [
      [0, 1, 2],
      [1, 2, 3],
    ]);
    const keys = (await steps(world, outcome.runId)).map((line) => line.split(" ")[0]);
    assert.equal(keys.length, 1 + 2 + 6);
    assert.ok(keys.includes("sum[r1][c2]"), keys.join());
  });

  test("a map over nothing gives an empty list, and what waits for it runs", async (t) => {
    const none = job("none", {
      graph: ({ map }) => sum({ parts: map(list({ n: 0 }), (n) => double({ n })) }),
    });
    const world = await openWorld(t, { none });
    assert.equal((await world.runJob({ job: "none" })).output, 0);
  });

  test("at most so many items of a map are at work as it says", async (t) => {
    let atWork = 0;
    let most = 0;
    const slow = op("slow", {
      input: z.object({ n: z.int() }),
      async run() {
        atWork += 1;
        most = Math.max(most, atWork);
        await sleep(5);
        atWork -= 1;
      },
    });
    const limited = job("limited", {
      graph({ map }) {
        map(list({ n: 12 }), (n) => slow({ n }), { concurrency: 3 });
      },
    });
    const world = await openWorld(t, { limited });
    const outcome = await world.runJob({ job: "limited" });
    assert.deepEqual([outcome.status, outcome.succeeded, most], ["success", 13, 3]);
  });

  test("takes one branch, and skips what stands in the other with the reason", async (t) => {
    const branching = job("branching", {
      config: z.object({ n: z.int(), size: z.enum(["small", "large"]) }),
      graph({ config, when, match }) {
        const big = isBig({ n: config.n });
        const either = when(
          big,
          () => note({ text: "big" }, { name: "say_big" }),
          () => note({ text: "small" }, { name: "say_small" }),
        );
        const sized = match(config.size, {
          small: () => note({ text: "S" }, { name: "small" }),
          large: () => ({ letter: note({ text: "L" }, { name: "large" }) }),
        });
        return { either, sized, after: note({ text: either }, { name: "after" }) };
      },
    });
    const world = await openWorld(t, { branching });
    const outcome = await world.runJob({ job: "branching", config: { config: { n: 99, size: "large" } } });
    assert.deepEqual(outcome.output, { either: "big", sized: { letter: "L" }, after: "big" });
    assert.deepEqual(await steps(world, outcome.runId), [
      "is_big success",
      "say_big success",
      "say_small skipped: when is true",
      "small skipped: match is large",
      "large success",
      "after success",
    ]);
  });

  test("skips go on to what is given them, until something makes up for them", async (t) => {
    const skips = job("skips", {
      graph({ when, orElse, firstOf, present }) {
        const maybe = when(isBig({ n: 1 }), () => double({ n: 1 }, { name: "in_branch" }));
        const own = skipping();
        return {
          held: double({ n: maybe }, { name: "held" }),
          value: double({ n: orElse(maybe, 21) }, { name: "value" }),
          first: firstOf([maybe, own, double({ n: 4 }, { name: "third" })]),
          none: firstOf([maybe, own]),
          any: sum(
            { parts: [maybe, double({ n: 5 }, { name: "there" })] },
            { triggerRule: "one_success", name: "any" },
          ),
          absent: present(note({ text: "x" }, { name: "something" })),
        };
      },
    });
    const world = await openWorld(t, { skips });
    const outcome = await world.runJob({ job: "skips" });
    assert.deepEqual(outcome.failed, []);
    assert.equal(outcome.status, "success");
    assert.deepEqual(outcome.output, {
      held: undefined,
      value: 42,
      first: 8,
      none: undefined,
      any: 10,
      absent: "x",
    });
    const told = await steps(world, outcome.runId);
    assert.ok(told.includes("skipping skipped: nothing new"), told.join("\n"));
    assert.ok(told.includes("held skipped: when was skipped"), told.join("\n"));
  });

  test("an optional output that is left out skips what needs it", async (t) => {
    const page = op("page", {
      output: z.object({ html: z.string(), next: z.string().optional() }),
      run: () => ({ html: "x" }),
    });
    const paging = job("paging", {
      graph({ present }) {
        const { html, next } = page();
        return { html: note({ text: html }), next: note({ text: present(next) }, { name: "follow" }) };
      },
    });
    const world = await openWorld(t, { paging });
    const outcome = await world.runJob({ job: "paging" });
    assert.deepEqual(outcome.output, { html: "x", next: undefined });
    assert.ok((await steps(world, outcome.runId)).includes("follow skipped: present was skipped"));
  });

  test("a join says when it runs", async (t) => {
    const joins = job("joins", {
      graph() {
        const bad = failing();
        const good = double({ n: 1 });
        return {
          all: note({ text: "all" }, { name: "all", after: [bad, good] }),
          any: note({ text: "any" }, { name: "any", after: [bad, good], triggerRule: "one_success" }),
          done: note({ text: "done" }, { name: "done", after: bad, triggerRule: "all_done" }),
        };
      },
    });
    const world = await openWorld(t, { joins });
    const outcome = await world.runJob({ job: "joins" });
    assert.equal(outcome.status, "failure");
    assert.deepEqual(
      outcome.failed.map(({ step, code }) => [step, code]),
      [["failing", "STEP_FAILED"]],
    );
    assert.deepEqual(await steps(world, outcome.runId), [
      "failing failure: failing failed: it broke",
      "double success",
      "all skipped: failing did not succeed",
      "any success",
      "done success",
    ]);
  });

  test("nested graphs are steps with their name in front, and parse what they are given", async (t) => {
    const quadruple = graph("quadruple", {
      input: z.object({ n: z.int().default(7) }),
      graph: ({ input }) => double({ n: double({ n: input.n }) }),
    });
    const nested = job("nested", {
      graph: ({ map }) => ({ given: quadruple({}), mapped: map([1, 2], (n) => quadruple({ n })) }),
    });
    const world = await openWorld(t, { nested });
    const outcome = await world.runJob({ job: "nested" });
    assert.deepEqual(outcome.output, { given: 28, mapped: [4, 8] });
    assert.ok(
      (await steps(world, outcome.runId)).some((line) => line.startsWith("quadruple_2.double[1] success")),
    );
  });
});

suite("a job that makes assets", () => {
  const numbers = asset("numbers", {
    columns: z.object({ n: z.int() }),
    sql: sql`select 1 as n union all select 2`,
  });
  const count = op("count", {
    deps: { numbers },
    output: z.int(),
    run: ({ numbers: rows }) => rows.count(),
  });

  test("makes them after what they wait for; ops read them as they stand in the order that was written", async (t) => {
    let order: string[] = [];
    const prepare = op("prepare", { run: () => void order.push("prepare") });
    const counted = op("counted", {
      deps: { numbers },
      output: z.int(),
      async run({ numbers: rows }) {
        order.push("counted");
        return rows.count();
      },
    });
    const refresh = job("refresh", {
      graph({ materialize }) {
        const made = materialize(numbers, { after: prepare() });
        return { after: counted(), done: note({ text: "done" }, { after: made }) };
      },
    });
    const world = await openWorld(t, { numbers, refresh });
    const outcome = await world.runJob({ job: "refresh" });
    assert.deepEqual([outcome.status, outcome.output], ["success", { after: 2, done: "done" }]);
    assert.deepEqual(order, ["prepare", "counted"]);
    assert.deepEqual(await world.rows("numbers"), [{ n: 1 }, { n: 2 }]);
    order = [];
  });

  test("what an op before it fails is neither made nor published", async (t) => {
    const broken = job("broken", {
      graph({ materialize }) {
        materialize(numbers, { after: failing() });
      },
    });
    const world = await openWorld(t, { numbers, broken });
    const outcome = await world.runJob({ job: "broken" });
    assert.equal(outcome.status, "failure");
    assert.deepEqual(await world.pieces("numbers"), []);
    assert.deepEqual(await steps(world, outcome.runId), [
      "numbers skipped: materialize was not reached",
      "failing failure: failing failed: it broke",
    ]);
  });

  test("makes the run's partition of what has partitions, and all of what has none", async (t) => {
    const days = partitions.static(["mon", "tue"]);
    const daily = asset("daily", {
      value: z.string(),
      partitions: days,
      run: (_, { partition }) => partition.key,
    });
    const both = job("both", {
      partitions: days,
      graph({ materialize, partition }) {
        materialize(numbers);
        materialize(daily);
        return note({ text: partition.key });
      },
    });
    const world = await openWorld(t, { numbers, daily, both });
    const outcome = await world.runJob({ job: "both", partition: "tue" });
    assert.deepEqual([outcome.failed, outcome.output], [[], "tue"]);
    assert.deepEqual(await steps(world, outcome.runId), [
      "numbers success",
      "daily[tue] success",
      "note success",
    ]);
  });

  test("a job over a selection makes it, and its run names the job", async (t) => {
    const nightly = job("nightly", { assets: numbers });
    const world = await openWorld(t, {
      numbers,
      nightly,
      counting: job("counting", { graph: () => count() }),
    });
    const outcome = await world.runJob({ job: "nightly" });
    assert.equal(outcome.status, "success");
    const { state, scope } = world.world.open.context;
    assert.equal((await state.runs.get(scope, outcome.runId))?.job, "nightly");
    assert.equal((await world.runJob({ job: "counting" })).output, 2);
  });
});

suite("what goes wrong in a job", () => {
  const refusal = async (made: Promise<unknown>): Promise<MillraceError> =>
    made.then(
      () => assert.fail("it went well"),
      (error: unknown) => error as MillraceError,
    );

  test("one item among thousands that fails fails the map, with its name; the others are done", async (t) => {
    const picky = op("picky", {
      input: z.object({ n: z.int() }),
      output: z.int(),
      run({ input }) {
        if (input.n === 1_234) throw new Error("no such thing");
        return input.n;
      },
    });
    const many = job("many", {
      graph: ({ map }) => sum({ parts: map(list({ n: 2_000 }), (n) => picky({ n })) }),
    });
    const world = await openWorld(t, { many });
    const outcome = await world.runJob({ job: "many" });
    assert.deepEqual(
      outcome.failed.map(({ step, reason }) => [step, reason]),
      [["picky[1234]", "picky[1234] failed: no such thing"]],
    );
    assert.equal(outcome.succeeded, 2_000, "the list and all the others");
    assert.ok((await steps(world, outcome.runId)).includes("sum skipped: map did not succeed"));
  });

  test("what an op gives or is given that does not fit is told with its place", async (t) => {
    const liar = op("liar", { output: z.object({ n: z.int() }), run: () => ({ n: "x" }) as never });
    const silent = op("silent", { output: z.object({ n: z.int() }), run: () => undefined as never });
    const instance = op("instance", { output: z.any(), run: () => ({ at: new URL("https://a.example") }) });
    const strict = op("strict", { input: z.object({ n: z.int().max(3) }), run: () => undefined });
    const wrong = job("wrong", {
      graph() {
        liar();
        silent();
        instance();
        strict({ n: double({ n: 2 }) });
      },
    });
    const world = await openWorld(t, { wrong });
    const { failed } = await world.runJob({ job: "wrong" });
    const told = new Map(failed.map(({ step, code, reason }) => [step, `${code} ${reason}`]));
    assert.match(told.get("liar") ?? "", /^OP_OUTPUT_INVALID .*expected number, received string.*n/);
    assert.match(told.get("silent") ?? "", /^OP_OUTPUT_INVALID .*expected object, received undefined/);
    assert.match(
      told.get("instance") ?? "",
      /^OP_OUTPUT_NOT_SERIALIZABLE .*output\.at is an instance of URL/,
    );
    assert.match(told.get("strict") ?? "", /^OP_INPUT_INVALID .*3/);
  });

  test("a list that is none, and items of one name, fail the map and nothing else", async (t) => {
    const anything = op("anything", { output: z.any(), run: () => ({ not: "a list" }) });
    const bad = job("bad", {
      graph({ map }) {
        map(anything() as never, (n) => n, { name: "no_list" });
        map(list({ n: 2 }), (n) => double({ n }), { key: () => "same", name: "same_key" });
        return double({ n: 1 }, { name: "fine" });
      },
    });
    const world = await openWorld(t, { bad });
    const { failed, succeeded } = await world.runJob({ job: "bad" });
    assert.deepEqual(
      failed.map(({ code }) => code),
      ["MAP_NOT_A_LIST", "MAP_KEY_REPEATED"],
    );
    assert.equal(succeeded, 3);
  });

  test("a config with three mistakes is refused with all three before anything is written", async (t) => {
    const sized = op("sized", { config: z.object({ size: z.int() }), run: () => undefined });
    const configured = job("configured", {
      config: z.object({ pages: z.int().min(1), mode: z.enum(["a", "b"]) }),
      graph({ config }) {
        sized({ n: config.pages } as never);
      },
    });
    const world = await openWorld(t, { configured });
    const error = await refusal(
      world.runJob({
        job: "configured",
        config: { config: { pages: 0, mode: "c" }, ops: { sized: { size: "x" } } },
      }),
    );
    assert.equal(error.code, "CONFIG_INVALID");
    assert.deepEqual(
      error.problems.map(({ place }) => place.field ?? "").toSorted((a, b) => a.localeCompare(b)),
      ["config.mode", "config.pages", "ops.sized.size"],
    );
    const { state, scope } = world.world.open.context;
    assert.deepEqual(await state.runs.list(scope, { limit: 9 }), []);
  });

  test("a job that is not there is told with what may have been meant", async (t) => {
    const world = await openWorld(t, { ingest: job("ingest", { graph: () => double({ n: 1 }) }) });
    const error = await refusal(world.runJob({ job: "ingets" }));
    assert.deepEqual([error.code, error.suggestions], ["JOB_NOT_FOUND", ["ingest"]]);
  });

  test("an op that ignores its AbortSignal does not hold the run up", async (t) => {
    const deaf = op("deaf", {
      timeout: "50ms",
      run: () => new Promise<void>((resolve) => setTimeout(resolve, 3_000)),
    });
    const slow = job("slow", { graph: () => deaf() });
    const world = await openWorld(t, { slow });
    const begun = performance.now();
    const { failed } = await world.runJob({ job: "slow" });
    assert.deepEqual(
      failed.map(({ code }) => code),
      ["STEP_TIMED_OUT"],
    );
    assert.ok(performance.now() - begun < 2_500);
  });
});

test("a job bounds the steps of its runs together", async (t) => {
  const slow = op("slow", {
    input: z.object({ n: z.int() }),
    run: (_, { signal }) => sleep(30, undefined, { signal }),
  });
  const bounded = job("bounded", {
    runTimeout: "200ms",
    graph({ map }) {
      map(list({ n: 1_000 }), (n) => slow({ n }));
    },
  });
  const world = await openWorld(t, { bounded });
  const { status, error, succeeded } = await world.runJob({ job: "bounded" });
  assert.deepEqual([status, error?.code], ["failure", "RUN_TIMED_OUT"]);
  assert.ok(succeeded < 1_000);
});

suite("a run of a job that is gone on with", () => {
  test("does not do again what was committed, and does again what failed (promise 3)", async (t) => {
    const calls: number[] = [];
    let broken = true;
    const item = op("item", {
      input: z.object({ n: z.int() }),
      output: z.int(),
      run({ input }) {
        calls.push(input.n);
        if (input.n === 3 && broken) throw new Error("not yet");
        return input.n;
      },
    });
    const flaky = job("flaky", {
      graph: ({ map }) => sum({ parts: map(list({ n: 5 }), (n) => item({ n })) }),
    });
    const world = await openWorld(t, { flaky });
    const first = await world.runJob({ job: "flaky" });
    assert.deepEqual([first.status, calls], ["failure", [0, 1, 2, 3, 4]]);
    broken = false;
    const second = await world.runJob({ job: "flaky" }, { fromFailure: true });
    assert.deepEqual([second.status, second.output, second.runId], ["success", 10, first.runId]);
    assert.deepEqual(calls, [0, 1, 2, 3, 4, 3]);
    const third = await world.runJob({ job: "flaky" });
    assert.notEqual(third.runId, first.runId, "what has succeeded is done: the next run begins anew");
  });

  test("does what its graph has got since, and leaves what it has lost", async (t) => {
    const made: string[] = [];
    const stop = new AbortController();
    const say = op("say", {
      input: z.object({ text: z.string() }),
      run: ({ input }) => void made.push(input.text),
    });
    const wait = op("wait", {
      async run(_, { signal }) {
        if (stop.signal.aborted) return;
        stop.abort();
        await sleep(60_000, undefined, { signal });
      },
    });
    const before = job("changing", {
      graph() {
        const both = say({ text: "both" }, { name: "both" });
        say({ text: "old" }, { name: "old", after: wait(undefined, { after: both }) });
      },
    });
    const world = await openWorld(t, { before });
    const first = await world.runJob({ job: "changing" }, { signal: stop.signal });
    assert.equal(first.status, "canceled");
    const after = job("changing", {
      graph() {
        const both = say({ text: "both" }, { name: "both" });
        say({ text: "new" }, { name: "new", after: wait(undefined, { after: both }) });
      },
    });
    const later = await openWorld(t, { after }, undefined, world);
    const second = await later.runJob({ job: "changing" });
    assert.deepEqual([second.runId, second.status, made], [first.runId, "success", ["both", "new"]]);
    assert.deepEqual(await steps(later, second.runId), [
      "both success",
      "wait success",
      "old skipped: no longer asked for",
      "new success",
    ]);
  });

  test("N9: goes on with today's code: an op that changed is done again, and what it gives to only where that differs", async (t) => {
    const calls: string[] = [];
    const made = (codeVersion: string, stopped: () => boolean) => {
      const source = op("source", {
        codeVersion,
        output: z.object({ kept: z.int(), other: z.string() }),
        run() {
          calls.push(`source ${codeVersion}`);
          return { kept: 1, other: codeVersion };
        },
      });
      const reader = op("reader", {
        codeVersion: "same",
        input: z.object({ of: z.union([z.int(), z.string()]) }),
        output: z.string(),
        run({ input }) {
          calls.push(`reader ${input.of}`);
          return String(input.of);
        },
      });
      const last = op("last", {
        codeVersion: "same",
        input: z.object({ all: z.array(z.string()) }),
        output: z.string(),
        run({ input }) {
          if (stopped()) throw new Error("not yet");
          return input.all.join();
        },
      });
      return job("changing", {
        graph() {
          const { kept, other } = source();
          return last({
            all: [reader({ of: kept }, { name: "same" }), reader({ of: other }, { name: "differs" })],
          });
        },
      });
    };
    const before = await openWorld(t, { changing: made("one", () => true) });
    const first = await before.runJob({ job: "changing" });
    assert.equal(first.status, "failure");
    const after = await openWorld(t, { changing: made("two", () => false) }, process.cwd(), before);
    const second = await after.runJob({ job: "changing" }, { fromFailure: true });
    assert.deepEqual([second.runId, second.status, second.output], [first.runId, "success", "1,two"]);
    assert.deepEqual(calls, ["source one", "reader 1", "reader one", "source two", "reader two"]);
  });

  test("goes on where it was canceled, with values large and small as they were", async (t) => {
    const stop = new AbortController();
    let runs = 0;
    const big = op("big", {
      output: z.object({ text: z.string(), at: z.date(), n: z.bigint(), tags: z.map(z.string(), z.int()) }),
      run() {
        runs += 1;
        const tags = new Map([["a", 1]]);
        return { text: "x".repeat(200_000), at: new Date(0), n: 12n ** 30n, tags };
      },
    });
    const last = op("last", {
      input: z.object({ made: z.any(), wait: z.boolean() }),
      output: z.any(),
      async run({ input }, { signal }) {
        if (!stop.signal.aborted) {
          stop.abort();
          await sleep(60_000, undefined, { signal });
        }
        return input.made;
      },
    });
    const stopped = job("stopped", { graph: () => last({ made: big(), wait: true }) });
    const world = await openWorld(t, { stopped });
    const first = await world.runJob({ job: "stopped" }, { signal: stop.signal });
    assert.equal(first.status, "canceled");
    const second = await world.runJob({ job: "stopped" });
    assert.deepEqual([second.runId, second.status, runs], [first.runId, "success", 1]);
    assert.deepEqual(second.output, {
      text: "x".repeat(200_000),
      at: new Date(0),
      n: 12n ** 30n,
      tags: new Map([["a", 1]]),
    });
  });
});
