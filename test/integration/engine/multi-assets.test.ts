import assert from "node:assert/strict";
import { test } from "node:test";
import { asset, assetCheck, check, multiAsset, partitions, skip, sql } from "millrace";
import * as z from "zod";
import { MillraceError } from "../../../src/core/errors.ts";
import { openWorld, type World } from "./world.ts";

const N = z.object({ n: z.int() });

async function stepsOf({ world }: World, runId = ""): Promise<string[]> {
  const steps = await world.open.context.state.runs.steps(runId);
  return steps.map(({ key, status, outputs, reason = "" }) => {
    const made = outputs.map((output) => `${output.asset}${output.omitted ? " omitted" : ""}`).join(", ");
    return `${key} ${status} (${made}) ${reason}`.trim();
  });
}

test("one function makes several assets, which publish together and are read like any others (N16)", async (t) => {
  const sales = multiAsset("sales", {
    outputs: {
      orders: { columns: N },
      total: { value: z.int() },
      report: { file: "text/plain", key: "report" },
    },
    run: (_) => ({ orders: [{ n: 1 }, { n: 2 }], total: 3, report: "three" }),
  });
  const double = asset("double", { columns: N, sql: sql`select n * 2 as n from ${sales.orders}` });
  const next = asset("next", {
    value: z.int(),
    deps: sales,
    run: async ({ total }) => (await total.get()) + 1,
  });
  const world = await openWorld(t, { sales, double, next });
  const { outcome } = await world.materialize({});
  assert.equal(outcome?.status, "success");
  assert.equal(await world.snapshot(), 1);
  assert.deepEqual(await world.rows("sales/orders"), [{ n: 1 }, { n: 2 }]);
  assert.deepEqual(await world.rows("double"), [{ n: 2 }, { n: 4 }]);
  assert.equal(await world.value("next"), 4);
  assert.deepEqual(await stepsOf(world, outcome?.runId), [
    "sales success (sales/orders, sales/total, report)",
    "double success (double)",
    "next success (next)",
  ]);
});

test("asking for one output makes all of its step, and the plan says so (N16)", async (t) => {
  const pair = multiAsset("pair", {
    outputs: { a: { value: z.int() }, b: { value: z.int() } },
    run: (_) => ({ a: 1, b: 2 }),
  });
  const world = await openWorld(t, { ...pair });
  assert.deepEqual(await world.explain({ selection: "pair/b" }), [
    "pair  makes pair/b, and with it pair/a; runs: never materialized",
  ]);
  await world.materialize({ selection: "pair/b" });
  assert.deepEqual([await world.value("pair/a"), await world.value("pair/b")], [1, 2]);
});

test("with subset only what is asked for is made", async (t) => {
  const asked: string[][] = [];
  const pair = multiAsset("pair", {
    subset: true,
    outputs: { a: { value: z.int() }, b: { value: z.int() } },
    run: (_, { wanted }) => {
      asked.push([...wanted]);
      return { a: 1, ...(wanted.has("b") ? { b: 2 } : {}) };
    },
  });
  const world = await openWorld(t, { ...pair });
  await world.materialize({ selection: "pair/b" });
  assert.deepEqual(await world.pieces("pair/a"), []);
  assert.deepEqual(await world.explain({ staleOnly: true }), [
    "pair  makes pair/a; runs: never materialized",
    "1 fresh, left alone",
  ]);
  await world.materialize({ staleOnly: true });
  assert.deepEqual(asked, [["b"], ["a"]]);
});

test("a rejected output rejects those beside it, which keep what was current (N16)", async (t) => {
  let good = true;
  const pair = multiAsset("pair", {
    outputs: { a: { columns: N, checks: [check.range("n", { max: 5 })] }, b: { value: z.int() } },
    run: (_) => (good ? { a: [{ n: 1 }], b: 1 } : { a: [{ n: 9 }], b: 9 }),
  });
  const world = await openWorld(t, { ...pair });
  await world.materialize({});
  good = false;
  const { outcome } = await world.materialize({});
  assert.equal(outcome?.status, "failure");
  assert.match(outcome.failed[0]?.reason ?? "", /pair\/a: range n/);
  assert.deepEqual([await world.rows("pair/a"), await world.value("pair/b")], [[{ n: 1 }], 1]);
  const { state, scope, known } = world.world.open.context;
  const [rejected] = await state.catalog.versions(scope, known.get("pair/b")?.assetId ?? 0, 1);
  assert.equal(rejected?.state, "rejected");
});

test("an optional output that is left out keeps what was current and is recorded as omitted (N16)", async (t) => {
  let round = 0;
  const pair = multiAsset("pair", {
    outputs: { a: { value: z.int() }, b: { value: z.int(), optional: true } },
    run: (_) => ((round += 1) === 1 ? { a: 1, b: 1 } : { a: round }),
  });
  const below = asset("below", { value: z.int(), deps: pair, run: async ({ b }) => (await b.get()) * 10 });
  const world = await openWorld(t, { ...pair, below });
  await world.materialize({});
  const { outcome } = await world.materialize({});
  assert.deepEqual([await world.value("pair/a"), await world.value("pair/b")], [2, 1]);
  assert.deepEqual(await stepsOf(world, outcome?.runId), [
    "pair success (pair/a, pair/b omitted)",
    "below success (below)",
  ]);
});

test("who reads only an output that came out equal may be left alone (N22)", async (t) => {
  let round = 0;
  const pair = multiAsset("pair", {
    outputs: { a: { value: z.int() }, b: { value: z.int() } },
    run: (_) => ({ a: (round += 1), b: 0 }),
    codeVersion: "1",
  });
  const ofA = asset("of_a", {
    value: z.int(),
    deps: { a: pair.a },
    run: ({ a }) => a.get(),
    codeVersion: "1",
  });
  const ofB = asset("of_b", {
    value: z.int(),
    deps: { b: pair.b },
    run: ({ b }) => b.get(),
    codeVersion: "1",
  });
  const world = await openWorld(t, { ...pair, ofA, ofB });
  await world.materialize({});
  await world.materialize({ selection: "pair/a" });
  const { plan } = await world.materialize({ staleOnly: true });
  assert.deepEqual(
    plan.steps.map(({ key }) => key),
    ["of_a"],
  );
});

test("a check of one output reads the others as they were just made", async (t) => {
  let round = 0;
  const pair = multiAsset("pair", {
    outputs: { rows: { columns: N }, count: { value: z.int() } },
    run: (_) => {
      round += 1;
      return { rows: Array.from({ length: round }, (_, n) => ({ n })), count: round };
    },
  });
  const agree = assetCheck("count agrees", {
    asset: pair.count,
    deps: { rows: pair.rows },
    run: async ({ asset: count, rows }) => (await count.get()) === (await rows.count()),
  });
  const world = await openWorld(t, { ...pair, agree });
  assert.equal((await world.materialize({})).outcome?.status, "success");
  assert.equal((await world.materialize({})).outcome?.status, "success");
});

test("partitions of several outputs are made together, one step for each partition", async (t) => {
  const regions = partitions.static(["eu", "us"]);
  const pair = multiAsset("pair", {
    partitions: regions,
    outputs: { a: { columns: N }, b: { value: z.string() } },
    run: (_, { partition }) => ({ a: [{ n: partition.key.length }], b: partition.key }),
  });
  const world = await openWorld(t, { ...pair });
  const { plan, outcome } = await world.materialize({ selection: "pair/a" });
  assert.deepEqual(
    [plan.steps.map(({ key }) => key), outcome?.status],
    [["pair[eu]", "pair[us]"], "success"],
  );
  assert.equal((await world.pieces("pair/b")).length, 2);
});

const wrong = {
  "a record that lacks an output": [{ a: 1 }, "OUTPUT_MISSING"],
  "an output that nobody declared": [{ a: 1, b: 2, c: 3 }, "OUTPUT_UNKNOWN"],
  "no record": [[1, 2], "OUTPUTS_INVALID"],
  nothing: [undefined, "OUTPUTS_INVALID"],
} as const;
for (const [what, [result, code]] of Object.entries(wrong)) {
  test(`${what} fails the step with one clear error, and is not tried again`, async (t) => {
    let tries = 0;
    const pair = multiAsset("pair", {
      retry: { max: 3, delay: "1ms" },
      outputs: { a: { value: z.int() }, b: { value: z.int() } },
      run: (_) => {
        tries += 1;
        return result as unknown as { a: number; b: number };
      },
    });
    const world = await openWorld(t, { ...pair });
    const { outcome } = await world.materialize({});
    assert.deepEqual([outcome?.failed.map((failed) => failed.code), tries], [[code], 1]);
    assert.deepEqual(await world.pieces("pair/a"), []);
  });
}

test("a run that is interrupted keeps all outputs of a step that was committed (N16)", async (t) => {
  let made = 0;
  const stop = new AbortController();
  const pair = multiAsset("pair", {
    outputs: { a: { value: z.int() }, b: { value: z.int(), optional: true } },
    run: (_) => ({ a: (made += 1) }),
  });
  let broken = true;
  const below = asset("below", {
    value: z.int(),
    deps: { a: pair.a },
    run: async ({ a }) => {
      if (broken) stop.abort();
      return a.get();
    },
  });
  const world = await openWorld(t, { ...pair, below });
  assert.equal((await world.materialize({}, { signal: stop.signal })).outcome?.status, "canceled");
  broken = false;
  const { outcome } = await world.materialize({});
  assert.deepEqual([outcome?.status, made], ["success", 1]);
  assert.deepEqual(await stepsOf(world, outcome?.runId), [
    "pair success (pair/a, pair/b omitted)",
    "below success (below)",
  ]);
});

test("an asset that skips itself keeps its version; what reads it goes on by its trigger rule", async (t) => {
  let quiet = false;
  const inbox = asset("inbox", { value: z.int(), run: (_) => (quiet ? skip("nothing new") : 1) });
  const never = asset("never", { value: z.int(), run: (_) => skip("not today") });
  const read = (key: string, deps: object, triggerRule?: "one_success" | "all_done") =>
    asset(key, {
      value: z.string(),
      deps: deps as { inbox: typeof inbox },
      ...(triggerRule && { triggerRule }),
      run: (_) => key,
    });
  const definitions = {
    inbox,
    never,
    after: read("after", { inbox }),
    unreachable: read("unreachable", { never }),
    one: read("one", { inbox, never }, "one_success"),
    none: read("none", { never }, "one_success"),
    done: read("done", { inbox, never }, "all_done"),
  };
  const world = await openWorld(t, definitions);
  const first = await world.materialize({ selection: "inbox never after unreachable one none done" });
  assert.equal(first.outcome?.status, "success");
  quiet = true;
  const second = await world.materialize({ selection: "inbox never after unreachable one none done" });
  assert.equal(await world.value("inbox"), 1);
  assert.deepEqual(await stepsOf(world, second.outcome?.runId), [
    "inbox skipped (inbox) nothing new",
    "never skipped (never) not today",
    "after success (after)",
    "unreachable skipped (unreachable) never was skipped and has no version",
    "one skipped (one) none of inbox, never succeeded",
    "none skipped (none) none of never succeeded",
    "done success (done)",
  ]);
});

test("a failure is passed over by who wants one success or none (trigger rules)", async (t) => {
  const good = asset("good", { value: z.int(), run: (_) => 1 });
  const bad = asset("bad", {
    value: z.int(),
    run: (_) => {
      throw new Error("no");
    },
  });
  const all = asset("all", { value: z.int(), deps: { good, bad }, run: ({ good }) => good.get() });
  const one = asset("one", {
    value: z.int(),
    deps: { good, bad },
    triggerRule: "one_success",
    run: async ({ good, bad }) => {
      await assert.rejects(
        bad.get(),
        (error) => error instanceof MillraceError && error.code === "ASSET_NOT_MATERIALIZED",
      );
      return good.get();
    },
  });
  const world = await openWorld(t, { good, bad, all, one });
  const { outcome } = await world.materialize({});
  assert.equal(outcome?.status, "failure");
  assert.deepEqual(await stepsOf(world, outcome.runId), [
    "good success (good)",
    "bad failure (bad) bad failed: no",
    "all skipped (all) bad did not succeed",
    "one success (one)",
  ]);
  assert.equal(await world.value("one"), 1);
});
