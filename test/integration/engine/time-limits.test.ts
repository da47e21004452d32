import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { asset } from "millrace";
import * as z from "zod";
import { openWorld, type World } from "./world.ts";

/** Two that end at once, one that listens for its end only, and one that reads that. */
function chain() {
  const first = asset("first", { value: z.int(), codeVersion: "1", run: () => 1 });
  const aside = asset("aside", { value: z.int(), codeVersion: "1", run: () => 2 });
  const slow = asset("slow", {
    value: z.int(),
    codeVersion: "1",
    deps: { first },
    run: async (_, { signal }) => {
      await delay(60_000, undefined, { signal });
      return 3;
    },
  });
  const below = asset("below", { value: z.int(), codeVersion: "1", deps: { slow }, run: () => 4 });
  return { first, aside, slow, below };
}

async function statuses({ world }: World, runId = "") {
  const steps = await world.open.context.state.runs.steps(runId);
  return Object.fromEntries(steps.map(({ key, status }) => [key, status]));
}

describe("a run whose time is over", () => {
  test("stops its steps, which fail with that, publishes what passed and ends as a failure", async (t) => {
    const opened = await openWorld(t, chain());
    const { outcome } = await opened.materialize({}, { timeoutMs: 500 });
    assert.equal(outcome?.status, "failure");
    assert.equal(outcome?.error?.code, "RUN_TIMED_OUT");
    assert.match(outcome?.error?.reason ?? "", /longer than its time limit of 500 ms/);
    assert.deepEqual(
      outcome?.failed.map(({ step, code }) => [step, code]),
      [["slow", "RUN_TIMED_OUT"]],
    );
    assert.deepEqual(await statuses(opened, outcome?.runId), {
      first: "success",
      aside: "success",
      slow: "failure",
      below: "pending",
    });
    assert.equal(await opened.value("first"), 1);
    assert.deepEqual(await opened.pieces("slow"), []);
    const { state, scope } = opened.world.open.context;
    const run = await state.runs.get(scope, outcome?.runId ?? "");
    assert.deepEqual([run?.status, run?.error], ["failure", outcome?.error?.reason]);
  });

  test("says so where no step was at work, but waited for its next try", async (t) => {
    const flaky = asset("flaky", {
      value: z.int(),
      retry: { max: 1, delay: "1h" },
      run: () => {
        throw new Error("no answer");
      },
    });
    const { materialize } = await openWorld(t, { flaky });
    const { outcome } = await materialize({}, { timeoutMs: 300 });
    assert.deepEqual([outcome?.status, outcome?.error?.code], ["failure", "RUN_TIMED_OUT"]);
  });

  test("publishes what passed also where it publishes as it goes", async (t) => {
    const opened = await openWorld(t, chain());
    const { outcome } = await opened.materialize({}, { timeoutMs: 500, publish: "step" });
    assert.equal(outcome?.error?.code, "RUN_TIMED_OUT");
    assert.equal(await opened.value("aside"), 2);
  });

  test("is one that is canceled when it was canceled before", async (t) => {
    const cancel = new AbortController();
    const { materialize } = await openWorld(t, chain());
    const running = materialize({}, { timeoutMs: 60_000, signal: cancel.signal });
    setTimeout(() => cancel.abort(), 300);
    const { outcome } = await running;
    assert.deepEqual([outcome?.status, outcome?.error], ["canceled", undefined]);
  });

  test("does not concern a run that is done by then", async (t) => {
    const { first } = chain();
    const { materialize } = await openWorld(t, { first });
    const { outcome } = await materialize({}, { timeoutMs: 60_000 });
    assert.deepEqual([outcome?.status, outcome?.error], ["success", undefined]);
  });
});

describe("a step that ignores its signal", () => {
  test("has failed with that one error, what it gives later is thrown away, and its checkpoints are refused", async (t) => {
    let go = (): void => undefined;
    const late = new Promise<void>((resolve) => (go = resolve));
    let refused: unknown;
    const deaf = asset("deaf", {
      value: z.int(),
      timeout: "50ms",
      run: async (_, { checkpoint }) => {
        await late;
        await checkpoint("late", () => 1).catch((error: unknown) => (refused = error));
        return 5;
      },
    });
    const opened = await openWorld(t, { deaf });
    const { outcome } = await opened.materialize({});
    assert.deepEqual(
      outcome?.failed.map(({ code }) => code),
      ["STEP_TIMED_OUT"],
    );
    go();
    await delay(100);
    assert.equal((refused as { code?: string }).code, "CANCELED");
    assert.deepEqual(await opened.pieces("deaf"), []);
    const { state, scope } = opened.world.open.context;
    const events = await state.events.read(scope, { types: ["step.failed", "step.succeeded"] });
    assert.deepEqual(
      events.map(({ type }) => type),
      ["step.failed"],
    );
  });
});

test("a child process that was given the signal ends with its step", async (t) => {
  let child: ReturnType<typeof spawn> | undefined;
  const parent = asset("parent", {
    value: z.int(),
    timeout: "300ms",
    run: async (_, { signal }) => {
      child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { signal, stdio: "ignore" });
      const [code] = (await once(child, "exit")) as [number];
      return code;
    },
  });
  const { materialize } = await openWorld(t, { parent });
  const { outcome } = await materialize({});
  assert.equal(outcome?.failed[0]?.code, "STEP_TIMED_OUT");
  if (child?.exitCode === null && child.signalCode === null) await once(child, "exit");
  assert.equal(child?.signalCode, "SIGTERM");
});
