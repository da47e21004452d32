import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset, graph, job, op, skip, sql, type MillraceError } from "millrace";
import * as z from "zod";
import { openWorld, type World } from "./world.ts";

const number = z.object({ n: z.int() });

/** What ran, in order; and numbers that the ops give, which a test may change. */
class Calls {
  readonly made: string[] = [];
  add = 0;

  take(): readonly string[] {
    return this.made.splice(0);
  }
}

function chainOf(calls: Calls) {
  const step = (name: string) =>
    op(name, {
      input: number,
      output: z.int(),
      run({ input }) {
        calls.made.push(`${name} ${input.n}`);
        return input.n + 1 + calls.add;
      },
    });
  const [first, second, third] = [step("first"), step("second"), step("third")];
  return job("chain", {
    config: z.object({ n: z.int().default(1) }),
    graph: ({ config }) => third({ n: second({ n: first({ n: config.n }) }) }),
  });
}

const refusal = async (made: Promise<unknown>): Promise<MillraceError> =>
  made.then(
    () => assert.fail("it went well"),
    (error: unknown) => error as MillraceError,
  );

async function steps({ world }: World, runId: string): Promise<readonly string[]> {
  const recorded = await world.open.context.state.runs.steps(runId);
  return recorded.map(({ key, status, reason = "" }) => `${key} ${status} ${reason}`.trim());
}

suite("a part of a job", () => {
  test("runs alone; what it is given comes from the newest run in which that succeeded, and nothing below it runs", async (t) => {
    const calls = new Calls();
    const world = await openWorld(t, { chain: chainOf(calls) });
    await world.runJob({ job: "chain" });
    await world.runJob({ job: "chain", config: { config: { n: 10 } } });
    assert.deepEqual(calls.take(), ["first 1", "second 2", "third 3", "first 10", "second 11", "third 12"]);
    const again = await world.runJob({ job: "chain", only: ["second"] });
    assert.deepEqual([again.status, again.succeeded, again.output], ["success", 1, undefined]);
    assert.deepEqual(calls.take(), ["second 11"]);
    assert.deepEqual(await steps(world, again.runId), ["second success"]);
    calls.add = 100;
    await world.runJob({ job: "chain", only: ["second"] });
    await world.runJob({ job: "chain", only: ["third"] });
    assert.deepEqual(
      calls.take(),
      ["second 11", "third 112"],
      "of the newest run, a part of the job though it was",
    );
  });

  test("may have several steps, which give to one another, with another config than before", async (t) => {
    const calls = new Calls();
    const world = await openWorld(t, { chain: chainOf(calls) });
    const config = { config: { n: 5 } };
    const both = await world.runJob({ job: "chain", only: ["second", "first"], config });
    assert.deepEqual([calls.take(), both.succeeded], [["first 5", "second 6"], 2]);
  });

  test("is refused where a name is unknown, and where what it needs was never made", async (t) => {
    const world = await openWorld(t, { chain: chainOf(new Calls()) });
    const unknown = await refusal(world.runJob({ job: "chain", only: ["secnod"] }));
    assert.deepEqual([unknown.code, unknown.suggestions], ["JOB_STEP_UNKNOWN", ["second"]]);
    const needed = await refusal(world.runJob({ job: "chain", only: ["third"] }));
    assert.deepEqual(
      [needed.code, needed.details],
      ["JOB_STEP_NEEDED", { step: "second", node: "second", job: "chain" }],
    );
    const { state, scope } = world.world.open.context;
    assert.deepEqual(await state.runs.list(scope, { limit: 9 }), []);
  });

  test("of a run that failed goes on from what had succeeded in it, branches not taken among that", async (t) => {
    let broken = true;
    const calls = new Calls();
    const give = op("give", { input: number, output: z.int(), run: ({ input }) => input.n });
    const last = op("last", {
      input: z.object({ n: z.int(), m: z.int() }),
      output: z.int(),
      run({ input }) {
        if (broken) throw new Error("not yet");
        calls.made.push(`last ${input.n} ${input.m}`);
        return input.n;
      },
    });
    const never = op("never", { output: z.boolean(), run: () => false });
    const own = op("own", { output: z.int(), run: () => skip("nothing new") });
    const failing = job("failing", {
      graph({ when, firstOf }) {
        const taken = when(never(), () => give({ n: 7 }, { name: "seven" }));
        const n = firstOf([taken, give({ n: 3 }, { name: "three" })]);
        return last({ n, m: firstOf([own(), give({ n: 4 }, { name: "four" })]) });
      },
    });
    const world = await openWorld(t, { failing });
    assert.equal((await world.runJob({ job: "failing" })).status, "failure");
    broken = false;
    assert.equal((await world.runJob({ job: "failing", only: ["last"] })).status, "success");
    assert.deepEqual(calls.take(), ["last 3 4"]);
  });

  test("spreads the list that another run gives, and takes items from there too", async (t) => {
    const calls = new Calls();
    let items = ["a", "b", "c"];
    const list = op("list", { output: z.array(z.string()), run: () => items });
    const fetch = op("fetch", {
      input: z.object({ name: z.string() }),
      output: z.string(),
      run({ input }) {
        calls.made.push(`fetch ${input.name}`);
        return input.name.repeat(2);
      },
    });
    const parse = op("parse", {
      input: z.object({ text: z.string() }),
      output: z.string(),
      run({ input }) {
        calls.made.push(`parse ${input.text}`);
        return input.text;
      },
    });
    const join = op("join", {
      input: z.object({ parts: z.array(z.string()) }),
      run: ({ input }) => void calls.made.push(`join ${input.parts.join("+")}`),
    });
    const page = graph("page", {
      input: z.object({ name: z.string() }),
      graph: ({ input }) => parse({ text: fetch({ name: input.name }) }),
    });
    const pages = job("pages", {
      graph({ map }) {
        join({ parts: map(list(), (name) => page({ name }), { key: (name) => name, name: "each" }) });
      },
    });
    const world = await openWorld(t, { pages });
    await world.runJob({ job: "pages" });
    calls.take();
    const run = async (...only: readonly string[]): Promise<readonly string[]> => {
      const outcome = await world.runJob({ job: "pages", only });
      assert.deepEqual(outcome.failed, []);
      return [...calls.take()].sort((x, y) => x.localeCompare(y));
    };
    assert.deepEqual(await run("join"), ["join aa+bb+cc"]);
    assert.deepEqual(await run("page.parse"), ["parse aa", "parse bb", "parse cc"]);
    assert.deepEqual(await run("page"), [
      "fetch a",
      "fetch b",
      "fetch c",
      "parse aa",
      "parse bb",
      "parse cc",
    ]);
    assert.deepEqual(await run("each"), await run("page"));
    // A list that has come to more than the run knows from which the rest is taken.
    items = ["a", "x"];
    const more = await world.runJob({ job: "pages", only: ["list", "join"] });
    assert.deepEqual(
      more.failed.map(({ step, code }) => `${step} ${code}`),
      ["page.parse[x] JOB_STEP_NEEDED"],
    );
    assert.match(more.failed[0]?.fix ?? "", /with --only page\.parse beside the others/);
    assert.deepEqual(await steps(world, more.runId), ["list success", "join skipped each did not succeed"]);
  });

  test("takes nothing from another partition, and makes only those assets that it names", async (t) => {
    const made: string[] = [];
    const days = op("days", { output: z.string(), run: () => "x" });
    const use = op("use", {
      input: z.object({ day: z.string() }),
      run: ({ input }) => void made.push(input.day),
    });
    const [a, b] = ["a", "b"].map((name) =>
      asset(name, { columns: z.object({ n: z.int() }), sql: sql`select 1 as n` }),
    );
    assert.ok(a !== undefined && b !== undefined);
    const daily = job("daily", {
      graph({ materialize }) {
        materialize(a, { name: "make_a" });
        materialize(b, { name: "make_b", after: use({ day: days() }) });
      },
    });
    const world = await openWorld(t, { a, b, daily });
    const outcome = await world.runJob({ job: "daily", only: ["make_b"] });
    assert.equal(outcome.status, "success");
    assert.deepEqual([await world.pieces("a"), (await world.pieces("b")).length], [[], 1]);
    assert.deepEqual(made, []);
  });

  test("that was interrupted is gone on with by the same, and by nothing else", async (t) => {
    const stop = new AbortController();
    const calls = new Calls();
    const give = op("give", { output: z.int(), run: () => 1 });
    const slow = op("slow", {
      input: number,
      output: z.int(),
      run({ input }, { signal }) {
        calls.made.push(`slow ${input.n}`);
        if (stop.signal.aborted || calls.add === 0) return 2;
        stop.abort();
        return new Promise<number>((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
        });
      },
    });
    const after = op("after", { input: number, run: () => undefined });
    const stopped = job("stopped", { graph: () => after({ n: slow({ n: give() }) }) });
    const world = await openWorld(t, { stopped });
    await world.runJob({ job: "stopped" });
    calls.add = 1;
    const only = ["slow", "after"];
    const first = await world.runJob({ job: "stopped", only }, { signal: stop.signal });
    assert.equal(first.status, "canceled");
    const other = await world.runJob({ job: "stopped", only: ["after"] });
    assert.notEqual(other.runId, first.runId);
    const second = await world.runJob({ job: "stopped", only: ["after", "slow"] });
    assert.deepEqual([second.runId, second.status], [first.runId, "success"]);
  });
});
