import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  asset,
  graph,
  graphMultiAsset,
  job,
  op,
  partitions,
  resource,
  retryAfter,
  skip,
  sql,
  type MillraceError,
} from "millrace";
import { callOp, fakeClock, given, instead, materialize, runJob } from "millrace/testing";
import * as z from "zod";

interface Site {
  readonly fetch: (page: number) => Promise<string>;
}
const opened: string[] = [];
const site = resource("site", {
  config: z.object({ url: z.url() }),
  create: (_, { config }): Site => {
    opened.push(config.url);
    return { fetch: () => Promise.reject(new Error("there is no network in tests")) };
  },
});
const listPages = op("list_pages", {
  input: z.object({ count: z.int() }),
  output: z.array(z.int()),
  run: ({ input }) => Array.from({ length: input.count }, (_, page) => page),
});
const fetchPage = op("fetch_page", {
  input: z.object({ page: z.int(), size: z.int().default(10) }),
  output: z.object({ html: z.string(), words: z.int().default(0) }),
  resources: { site },
  retry: { max: 3, delay: "30m" },
  run: async ({ input, site }, { log, attempt }) => {
    log.info("asking", { page: input.page, attempt });
    return { html: (await site.fetch(input.page)).slice(0, input.size) };
  },
});
const merge = op("merge", {
  input: z.object({ parts: z.array(z.object({ html: z.string() })) }),
  output: z.string(),
  run: ({ input }) => input.parts.map(({ html }) => html).join(" "),
});
const clean = graph("clean", {
  input: z.object({ page: z.int() }),
  graph: ({ input }) => fetchPage({ page: input.page }),
});
const ingest = job("ingest", {
  config: z.object({ pages: z.int().default(2) }),
  graph: ({ config, map }) =>
    merge({ parts: map(listPages({ count: config.pages }), (page) => clean({ page })) }),
});

const numbers = asset("numbers", {
  columns: z.object({ n: z.int() }),
  run: () => {
    throw new Error("it is given");
  },
});
const doubled = asset("doubled", {
  columns: z.object({ n: z.int() }),
  config: z.object({ by: z.int().default(2) }),
  deps: { numbers },
  run: async ({ numbers }, { config }) => (await numbers.rows()).map(({ n }) => ({ n: n * config.by })),
});
const total = op("total", {
  deps: { doubled },
  output: z.int(),
  run: async ({ doubled }) => (await doubled.rows()).reduce((sum, { n }) => sum + n, 0),
});
const rows = [{ n: 1 }, { n: 2 }];
const refusal = async (made: Promise<unknown>): Promise<Error> =>
  made.then(
    () => assert.fail("it went well"),
    (error: unknown) => error as Error,
  );

suite("a job in a test", () => {
  test("runs with functions in place of its ops, and tells what each step gave", async () => {
    await using run = await runJob(ingest, {
      ops: [instead(fetchPage, ({ input }) => ({ html: `p${input.page} of ${input.size}` }))],
    });
    run.assertSucceeded();
    assert.equal(run.output, "p0 of 10 p1 of 10");
    assert.deepEqual(await run.gave(fetchPage), [
      { html: "p0 of 10", words: 0 },
      { html: "p1 of 10", words: 0 },
    ]);
    assert.deepEqual(await run.gave("clean.fetch_page[1]"), { html: "p1 of 10", words: 0 });
    assert.deepEqual(
      run.steps.map(({ name, status, attempts }) => [name, status, attempts]),
      [
        ["list_pages", "success", 1],
        ["merge", "success", 1],
        ["clean.fetch_page[0]", "success", 1],
        ["clean.fetch_page[1]", "success", 1],
      ],
    );
    assert.deepEqual(opened, [], "what a replaced op works with is not opened");
  });

  test("runs with instances in place of resources, its own config, and logs by step", async () => {
    await using run = await runJob(ingest, {
      config: { pages: 1 },
      resources: [instead(site, { fetch: async (page) => `page ${page}, and much more` })],
    });
    assert.equal(run.output, "page 0, an");
    const line = { step: "clean.fetch_page[0]", level: "info", message: "asking" };
    assert.deepEqual(run.logs, [{ ...line, fields: { page: 0, attempt: 1 } }]);
    assert.deepEqual(run.step("clean.fetch_page[0]").logs, run.logs);
    assert.ok(run.events.some(({ type }) => type === "run.succeeded"));
  });

  test("waits for no retry: the clock is put on instead (N37)", async () => {
    const clock = fakeClock("2025-03-31T12:00:00Z");
    let calls = 0;
    const begun = performance.now();
    await using run = await runJob(ingest, {
      config: { pages: 1 },
      now: clock,
      ops: [
        instead(fetchPage, () => {
          calls += 1;
          if (calls < 3) throw retryAfter("2h", new Error("busy"));
          return { html: "at last" };
        }),
      ],
    });
    assert.equal(run.output, "at last");
    assert.equal(run.step("clean.fetch_page[0]").attempts, 3);
    assert.deepEqual(clock.now(), new Date("2025-03-31T16:00:00Z"));
    assert.ok(performance.now() - begun < 30_000);
  });

  test("that fails tells in its error what failed and why, and has no output", async () => {
    await using run = await runJob(ingest, {
      ops: [
        instead(fetchPage, ({ input }) => {
          if (input.page === 1) throw new Error("no such page");
          return { html: "x" };
        }),
      ],
    });
    assert.equal(run.status, "failure");
    assert.equal(run.step("clean.fetch_page[1]").attempts, 4);
    assert.deepEqual(
      run.failures.map(({ step, code }) => [step, code]),
      [["clean.fetch_page[1]", "STEP_FAILED"]],
    );
    const told =
      /^Error: The run of ingest failed\n- clean\.fetch_page\[1\] failed: no such page \(STEP_FAILED\)\n {2}\S/;
    assert.throws(() => run.assertSucceeded(), told);
    assert.throws(() => run.output, told);
    assert.deepEqual(await run.gave(fetchPage), [{ html: "x", words: 0 }]);
    await assert.rejects(run.gave("merge"), /^Error: The step merge gave nothing: map did not succeed$/);
    assert.throws(() => run.step("clean.fetch_pages[1]"), /had no step .*; it had clean\.fetch_page\[1\]/);
  });

  test("makes before it runs what its ops read, from what is given, and takes config for that too", async () => {
    const report = job("report", { graph: () => total() });
    await using run = await runJob(report, { given: [given(numbers, rows)] });
    assert.equal(run.output, 6);
    assert.deepEqual(
      run.steps.map(({ name }) => name),
      ["total"],
      "what was made before is no part of the run",
    );
    await using other = await runJob(report, {
      given: [given(numbers, rows)],
      runConfig: { assets: { doubled: { by: 10 } } },
    });
    assert.equal(other.output, 30);
    await using direct = await runJob(report, { given: [given(doubled, [{ n: 7 }])] });
    assert.equal(direct.output, 7);
  });

  test("makes assets, which can be read as after a materialization", async () => {
    const refresh = job("refresh", {
      graph({ materialize }) {
        const made = materialize(doubled);
        return total(null, { after: made });
      },
    });
    await using run = await runJob(refresh, {
      given: [given(numbers, rows)],
      runConfig: { assets: { doubled: { by: 3 } } },
    });
    assert.equal(run.output, 9);
    assert.deepEqual(await run.rows(doubled), [{ n: 3 }, { n: 6 }]);
    assert.deepEqual(
      run.steps.map(({ name }) => name),
      ["doubled", "total"],
    );
  });

  test("over a text takes the assets that the test names, and makes what they are made from before", async () => {
    const daily = asset("daily", {
      columns: z.object({ n: z.int() }),
      group: "daily",
      sql: sql`select n + 1 as n from ${doubled}`,
    });
    const nightly = job("nightly", { assets: "group:daily" });
    await using run = await runJob(nightly, { assets: [daily], given: [given(numbers, rows)] });
    run.assertSucceeded();
    assert.deepEqual(await run.rows(daily), [{ n: 3 }, { n: 5 }]);
    assert.deepEqual(
      run.steps.map(({ name }) => name),
      ["daily"],
    );
    assert.equal(((await refusal(runJob(nightly))) as MillraceError).code, "PROJECT_INVALID");
  });

  test("of a partition has that one only", async () => {
    const months = partitions.monthly({ start: "2020-01", end: "2030-12" });
    const monthly = asset("monthly", {
      columns: z.object({ month: z.string() }),
      partitions: months,
      run: (_, { partition }) => [{ month: partition.key }],
    });
    const close = op("close", { output: z.string(), run: (_, { partition }) => partition?.key ?? "none" });
    const closing = job("closing", {
      partitions: months,
      graph: ({ materialize }) => close(null, { after: materialize(monthly) }),
    });
    await using run = await runJob(closing, { partition: "2025-02" });
    assert.equal(run.output, "2025-02");
    assert.deepEqual(await run.rows(monthly), [{ month: "2025-02" }]);
  });

  test("is refused with all that is wrong with its config, and begins nothing", async () => {
    const error = await refusal(
      runJob(ingest, { config: { pages: "x" as never }, runConfig: { ops: { nobody: {} } } }),
    );
    assert.deepEqual(
      (error as MillraceError).problems.map(({ place }) => place.field),
      ["config.pages", "ops.nobody", "resources.site.url"],
    );
    await assert.rejects(runJob("ingest" as never, {} as never), /runJob job: the first argument is no job/);
    await assert.rejects(runJob(ingest, { ops: [{}] as never }), /ops: one of them is not made by instead/);
    assert.throws(
      () => instead(fetchPage, {} as never),
      /for the op fetch_page the second argument is a function/,
    );
  });

  test("stops when its signal is aborted, and leaves as pending what it did not come to", async () => {
    const stop = new AbortController();
    await using run = await runJob(ingest, {
      signal: stop.signal,
      ops: [
        instead(fetchPage, async (_, { signal }) => {
          stop.abort();
          await sleep(60_000, undefined, { signal });
          return { html: "" };
        }),
      ],
    });
    assert.equal(run.status, "canceled");
    assert.equal(run.step("merge").status, "pending");
    assert.throws(() => run.output, /^Error: The run of ingest was canceled/);
  });
});

suite("a graph that makes assets, in a test", () => {
  const square = op("square", {
    input: z.object({ n: z.int() }),
    output: z.object({ n: z.int() }),
    run: () => assert.fail("it is replaced"),
  });
  const list = op("list", {
    deps: { numbers },
    output: z.array(z.int()),
    run: async ({ numbers }) => (await numbers.rows()).map(({ n }) => n),
  });
  const { squares, count, note } = graphMultiAsset("powers", {
    deps: { numbers },
    outputs: {
      squares: { columns: z.object({ n: z.int() }) },
      count: { value: z.int() },
      note: { value: z.string() },
    },
    graph: ({ map }) => ({ squares: map(list(), (n) => square({ n })), count: 2, note: "made" }),
  });

  test("does what is given in place of its ops, and makes the outputs that are not given", async () => {
    await using run = await materialize([squares], {
      given: [given(numbers, rows), given(note, "given")],
      ops: [instead(square, ({ input }) => ({ n: input.n ** 2 }))],
    });
    run.assertSucceeded();
    assert.deepEqual(await run.rows(squares), [{ n: 1 }, { n: 4 }]);
    assert.deepEqual([await run.value(count), await run.value(note)], [2, "given"]);
    assert.deepEqual(await run.gave(square), [{ n: 1 }, { n: 4 }]);
    assert.deepEqual(await run.gave("powers: square[1]"), { n: 4 });
  });
});

suite("an op alone in a test", () => {
  test("gives what others would get of it, and is tried again without waiting", async () => {
    let calls = 0;
    await using call = await callOp(fetchPage, {
      input: { page: 3, size: 4 },
      resources: [
        instead(site, {
          fetch: async (page) => {
            calls += 1;
            if (calls === 1) throw new Error("busy");
            return `page ${page}`;
          },
        }),
      ],
    });
    assert.deepEqual(call.output, { html: "page", words: 0 });
    assert.deepEqual([call.attempts, call.skipped], [2, undefined]);
    assert.deepEqual(
      call.logs.map(({ fields }) => fields),
      [
        { page: 3, attempt: 1 },
        { page: 3, attempt: 2 },
      ],
    );
  });

  test("reads what is given or made for it, with its config", async () => {
    const above = op("above", {
      config: z.object({ least: z.int() }),
      deps: { doubled },
      output: z.array(z.int()),
      run: async ({ doubled }, { config }) =>
        (await doubled.rows()).map(({ n }) => n).filter((n) => n >= config.least),
    });
    await using call = await callOp(above, { config: { least: 3 }, given: [given(numbers, rows)] });
    assert.deepEqual(call.output, [4]);
  });

  test("that skips itself or fails says why, and has no output", async () => {
    const odd = op("odd", {
      input: z.object({ n: z.int() }),
      output: z.int(),
      run: ({ input: { n } }) => {
        if (n < 0) throw new Error("it is negative");
        return n % 2 === 1 ? n : skip("it is even");
      },
    });
    await using even = await callOp(odd, { input: { n: 2 } });
    assert.deepEqual([even.status, even.skipped], ["success", "it is even"]);
    assert.throws(() => even.output, /^Error: The op odd was skipped: it is even$/);
    await using negative = await callOp(odd, { input: { n: -1 } });
    assert.throws(() => negative.output, /odd failed: it is negative \(STEP_FAILED\)/);
    await using wrong = await callOp(odd, { input: { n: 0.5 } });
    assert.equal(wrong.failures[0]?.code, "OP_INPUT_INVALID");
  });
});

suite("the clock of a test", () => {
  test("is shared by calls, and goes on as it is told", async () => {
    const days = partitions.daily({ start: "2025-03-01" });
    const daily = asset("daily", {
      columns: z.object({ day: z.string() }),
      partitions: days,
      run: (_, { partition }) => [{ day: partition.key }],
    });
    const clock = fakeClock("2025-03-02T23:00:00Z");
    await using before = await materialize([daily], { now: clock });
    assert.equal((await before.rows(daily)).length, 1);
    clock.advance("90m");
    await using after = await materialize([daily], { now: clock });
    assert.equal((await after.rows(daily)).length, 2);
    assert.deepEqual(clock.now(), new Date("2025-03-03T00:30:00Z"));
  });

  test("wakes those that wait in the order of their times, and is then as late as the last one", async () => {
    const woken: number[] = [];
    const wait = op("wait", {
      input: z.object({ minutes: z.int() }),
      retry: { max: 1 },
      run: ({ input: { minutes } }, { attempt }) => {
        if (attempt === 1) throw retryAfter(`${minutes}m`);
        woken.push(minutes);
      },
    });
    const waiting = job("waiting", {
      graph: ({ map }) => void map([30, 10, 20], (minutes) => wait({ minutes })),
    });
    const clock = fakeClock("2025-01-01");
    await using run = await runJob(waiting, { now: clock });
    run.assertSucceeded();
    assert.deepEqual(woken, [10, 20, 30]);
    assert.deepEqual(clock.now(), new Date("2025-01-01T00:30:00Z"));
  });

  test("refuses what is no time and no duration", () => {
    assert.throws(() => fakeClock("soon"), /"soon" is no time/);
    assert.throws(() => fakeClock().advance("a while"), /"a while" is no duration/);
    assert.throws(() => fakeClock().advance(-1), /-1 is no duration/);
  });
});
