import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { asset, externalAsset, source, sql } from "millrace";
import * as z from "zod";
import { openWorld } from "./world.ts";

const Item = z.object({ id: z.int(), price: z.number() });

describe("a step", () => {
  test("is tried again as its policy says, and each attempt is told (N37)", async (t) => {
    const attempts: number[] = [];
    const flaky = asset("flaky", {
      value: z.int(),
      retry: { max: 2, delay: "1ms", backoff: "constant" },
      run: (_, { attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error(`attempt ${attempt} failed`);
        return attempt;
      },
    });
    const { materialize, value, world } = await openWorld(t, { flaky });
    const { outcome } = await materialize({});
    assert.equal(outcome?.status, "success");
    assert.deepEqual(attempts, [1, 2, 3]);
    assert.equal(await value("flaky"), 3);
    const { state, scope } = world.open.context;
    const events = await state.events.read(scope, { runId: outcome?.runId ?? "" });
    const retries = events.flatMap(({ type, data }) => (type === "step.retrying" ? [data.reason] : []));
    assert.equal(retries.length, 2);
    assert.match(String(retries[1]), /attempt 2 failed/);
  });

  test("whose result does not fit is not tried again: the same code on the same data gives the same (N37)", async (t) => {
    let attempts = 0;
    const wrong = asset("wrong", {
      columns: Item,
      retry: { max: 5, delay: "1ms" },
      run: () => {
        attempts += 1;
        return sql`select 1 as id, 'much' as price`;
      },
    });
    const { outcome } = await (await openWorld(t, { wrong })).materialize({});
    assert.equal(outcome?.failed[0]?.code, "RESULT_MISMATCH");
    assert.match(outcome?.failed[0]?.reason ?? "", /wrong: .*price/);
    assert.equal(attempts, 1);
  });

  test("that takes longer than its time limit fails, its signal is aborted, and nothing is published", async (t) => {
    let aborted = false;
    const slow = asset("slow", {
      value: z.int(),
      timeout: "50ms",
      run: (_, { signal }) =>
        new Promise((resolve) => {
          const timer = setTimeout(() => resolve(1), 10_000);
          signal.addEventListener("abort", () => {
            aborted = true;
            clearTimeout(timer);
          });
        }),
    });
    const { materialize, pieces } = await openWorld(t, { slow });
    const { outcome } = await materialize({});
    assert.equal(outcome?.failed[0]?.code, "STEP_TIMED_OUT");
    assert.ok(aborted);
    assert.deepEqual(await pieces("slow"), []);
  });

  test("whose query takes longer than its time limit stops the query", async (t) => {
    const slow = asset("slow", {
      columns: z.object({ n: z.int() }),
      timeout: "200ms",
      sql: sql`select count(*) as n from range(100000000) a, range(1000) b where a.range % 7 = b.range % 5`,
    });
    const began = performance.now();
    const { outcome } = await (await openWorld(t, { slow })).materialize({});
    assert.equal(outcome?.failed[0]?.code, "STEP_TIMED_OUT");
    assert.ok(performance.now() - began < 20_000, "the query did not run to its end");
  });

  test("that is canceled leaves what was committed, and the next run goes on from there", async (t) => {
    const ran: string[] = [];
    const cancel = new AbortController();
    let hold = true;
    const first = asset("first", {
      value: z.int(),
      codeVersion: "1",
      run: () => {
        ran.push("first");
        return 1;
      },
    });
    const second = asset("second", {
      value: z.int(),
      codeVersion: "1",
      deps: { first },
      run: async ({ first }, { signal }) => {
        ran.push("second");
        if (hold) {
          cancel.abort();
          await new Promise((_, reject) =>
            signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true }),
          );
        }
        return first.get();
      },
    });
    const { materialize, snapshot, value } = await openWorld(t, { first, second });
    const { outcome } = await materialize({}, { signal: cancel.signal });
    assert.equal(outcome?.status, "canceled");
    assert.equal(await snapshot(), 0);
    hold = false;
    let continued: number | undefined;
    const again = await materialize({}, { onStart: (start) => (continued = start.continued) });
    assert.equal(again.outcome?.status, "success");
    assert.equal(continued, 1);
    assert.deepEqual(ran, ["first", "second", "second"]);
    assert.equal(await value("second"), 1);
  });

  test("of a canceled run is not gone on with once others have published: its snapshot is no longer current (N14)", async (t) => {
    const cancel = new AbortController();
    let stop = true;
    const first = asset("first", { value: z.int(), codeVersion: "1", run: () => 1 });
    const second = asset("second", {
      value: z.int(),
      codeVersion: "1",
      deps: { first },
      run: () => {
        if (stop) cancel.abort();
        return 2;
      },
    });
    const { materialize } = await openWorld(t, { first, second });
    const canceled = await materialize({}, { signal: cancel.signal });
    assert.equal(canceled.outcome?.status, "canceled");
    stop = false;
    await materialize({ selection: "first" });
    const again = await materialize({});
    assert.notEqual(again.outcome?.runId, canceled.outcome?.runId);
    assert.equal(again.outcome?.status, "success");
  });

  test("starts over when that is asked for", async (t) => {
    const cancel = new AbortController();
    let runs = 0;
    const only = asset("only", {
      value: z.int(),
      run: () => {
        runs += 1;
        if (runs === 1) cancel.abort();
        return runs;
      },
    });
    const { materialize } = await openWorld(t, { only });
    const first = await materialize({}, { signal: cancel.signal });
    const second = await materialize({}, { fresh: true });
    assert.notEqual(second.outcome?.runId, first.outcome?.runId);
    assert.equal(second.outcome?.status, "success");
  });

  test("is refused to a second run while the first one, alive, is at work on it (N15)", async (t) => {
    let release = (): void => undefined;
    const slow = asset("slow", {
      value: z.int(),
      run: () => new Promise<number>((resolve) => (release = () => resolve(1))),
    });
    const { materialize, world } = await openWorld(t, { slow });
    let started = (): void => undefined;
    const working = new Promise<void>((resolve) => (started = resolve));
    const first = materialize({}, { report: ({ progress }) => progress === "step.started" && started() });
    await working;
    await assert.rejects(materialize({}), /still at work/);
    const other = await materialize({}, { fresh: true });
    assert.equal(other.outcome?.failed[0]?.code, "RUN_CLAIMED");
    const steps = await world.open.context.state.runs.steps(other.outcome.runId);
    assert.deepEqual(
      steps.map(({ status, attempts, reason }) => [status, attempts, reason]),
      [["failure", 0, other.outcome.failed[0].reason]],
    );
    release();
    assert.equal((await first).outcome?.status, "success");
  });

  test("keeps values of every size exactly, small ones in state and large ones in the store", async (t) => {
    const Big = z.object({ text: z.string(), when: z.iso.datetime(), list: z.array(z.number().nullable()) });
    const content = {
      text: "x".repeat(100_000) + "\u2028é",
      when: "2020-01-01T00:00:00Z",
      list: [0.1, null, 1e300],
    };
    const small = asset("small", { value: Big, run: () => ({ ...content, text: "short" }) });
    const large = asset("large", { value: Big, run: () => content });
    const { materialize, value, pieces } = await openWorld(t, { small, large });
    assert.equal((await materialize({})).outcome?.status, "success");
    assert.deepEqual(await value("large"), content);
    assert.deepEqual(await value("small"), { ...content, text: "short" });
    assert.ok("files" in ((await pieces("large"))[0]?.version.location ?? {}));
    assert.ok("inline" in ((await pieces("small"))[0]?.version.location ?? {}));
  });

  test("that gives what no JSON holds is refused by name (N3)", async (t) => {
    const odd = asset("odd", { value: z.any(), run: () => ({ when: new Map() }) });
    const { outcome } = await (await openWorld(t, { odd })).materialize({});
    assert.equal(outcome?.failed[0]?.code, "VALUE_INVALID");
    assert.match(outcome?.failed[0]?.reason ?? "", /Map/);
  });

  test("streams rows as they come", async (t) => {
    const streamed = asset("streamed", {
      columns: Item,
      async *run() {
        for (let batch = 0; batch < 5; batch += 1) {
          yield Array.from({ length: 1_000 }, (_, index) => ({ id: batch * 1_000 + index, price: 0.5 }));
        }
      },
    });
    const { materialize, rows } = await openWorld(t, { streamed });
    assert.equal((await materialize({})).outcome?.status, "success");
    assert.equal((await rows("streamed")).length, 5_000);
  });
});

describe("an external asset", () => {
  const world = async (
    t: Parameters<typeof openWorld>[0],
    run: (file: string) => Promise<void>,
    retries = 0,
  ) => {
    const folder = await mkdtemp(join(tmpdir(), "millrace-external-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "items.csv");
    await writeFile(file, "id,price\n1,2\n");
    const raw = externalAsset("raw", { columns: Item, source: source.csv(file) });
    const items = asset("items", {
      columns: Item,
      codeVersion: "1",
      retry: { max: retries, delay: "1ms" },
      deps: { raw },
      run: async ({ raw }) => {
        await run(file);
        return sql`select * from ${raw}`;
      },
    });
    return { ...(await openWorld(t, { raw, items })), file };
  };

  test("that moves while it is read fails the attempt, and the next one reads it anew (N25)", async (t) => {
    let moves = 1;
    const { materialize, rows } = await world(
      t,
      async (file) => {
        moves -= 1;
        if (moves >= 0) await writeFile(file, "id,price\n1,2\n2,3\n");
      },
      1,
    );
    const { outcome } = await materialize({});
    assert.equal(outcome?.status, "success", JSON.stringify(outcome?.failed));
    assert.equal((await rows("items")).length, 2);
  });

  test("that was only touched makes nothing stale; other content does, and the plan names it (N25)", async (t) => {
    const { materialize, file } = await world(t, async () => undefined);
    await materialize({});
    await utimes(file, new Date(), new Date(Date.now() + 60_000));
    assert.equal((await materialize({ staleOnly: true })).outcome, undefined);
    await writeFile(file, "id,price\n1,9\n");
    const { plan, outcome } = await materialize({ staleOnly: true });
    assert.deepEqual(plan.steps[0]?.causes, [{ cause: "input changed", input: "raw" }]);
    assert.equal(outcome?.status, "success");
  });

  test("that has changed since a run was canceled is read anew: that run is not gone on with (N25)", async (t) => {
    const cancel = new AbortController();
    let stop = true;
    const { materialize, file, rows } = await world(t, async () => {
      if (stop) cancel.abort();
    });
    const canceled = await materialize({}, { signal: cancel.signal });
    assert.equal(canceled.outcome?.status, "canceled");
    stop = false;
    await writeFile(file, "id,price\n7,7\n");
    const again = await materialize({});
    assert.notEqual(again.outcome?.runId, canceled.outcome?.runId);
    assert.deepEqual(await rows("items"), [{ id: 7, price: 7 }]);
  });

  test("that is not there is one clear error, before anything runs", async (t) => {
    const { materialize, file } = await world(t, async () => undefined);
    await rm(file);
    await assert.rejects(materialize({}), /raw: .*items\.csv does not exist/);
  });
});
