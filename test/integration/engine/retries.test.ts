import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import {
  asset,
  assetCheck,
  defineProject,
  job,
  neverRetry,
  op,
  retryAfter,
  type RetryOptions,
} from "millrace";
import * as z from "zod";
import { showRun, type RunDetails } from "../../../src/control/runs/show-run.ts";
import { projectDefinition } from "../../../src/core/project/project.ts";
import { materialize } from "../../../src/control/runs/materialize.ts";
import { openTestWorld } from "../../../src/testing/test-world.ts";
import { openWorld, type World } from "./world.ts";

const Item = z.object({ id: z.int() });

/** An asset whose first tries throw these, one after the other, and how often it was tried. */
function throwing(errors: readonly Error[], retry?: RetryOptions) {
  const attempts: number[] = [];
  const flaky = asset("flaky", {
    value: z.int(),
    ...(retry === undefined ? {} : { retry }),
    run: (_, { attempt }) => {
      const error = errors[attempts.length];
      attempts.push(attempt);
      if (error !== undefined) throw error;
      return 1;
    },
  });
  return { flaky, attempts };
}

/** What its waits were, in milliseconds, and why. */
async function waits({ world }: World, runId = ""): Promise<readonly (readonly [number, string])[]> {
  const { state, scope } = world.open.context;
  const events = await state.events.read(scope, { runId, types: ["step.retrying"] });
  return events.flatMap(({ type, data }) =>
    type === "step.retrying" ? [[data.delayMs, data.reason] as const] : [],
  );
}

async function ended(t: TestContext, definitions: object) {
  const world = await openWorld(t, definitions);
  const { outcome } = await world.materialize({});
  return { ...world, outcome, waits: await waits(world, outcome?.runId) };
}

describe("code that says when to try again", () => {
  test("N37: is tried after its own wait instead of that of its policy, and counts against it", async (t) => {
    const again = () => retryAfter("20ms", { cause: new Error("too many requests") });
    const { flaky, attempts } = throwing([again(), new Error("no answer"), again()], {
      max: 2,
      delay: "5ms",
      backoff: "constant",
    });
    const { outcome, waits } = await ended(t, { flaky });
    assert.equal(outcome?.status, "failure");
    assert.deepEqual(attempts, [1, 2, 3]);
    assert.deepEqual(waits, [
      [20, "flaky failed: too many requests"],
      [5, "flaky failed: no answer"],
    ]);
    assert.deepEqual(outcome?.failed[0]?.code, "STEP_FAILED");
    assert.equal(outcome?.failed[0]?.reason, "flaky failed: too many requests");
  });

  test("N37: is tried again without a policy, twenty times at most", async (t) => {
    const { flaky, attempts } = throwing(Array.from({ length: 50 }, () => retryAfter("0s")));
    const { outcome, waits } = await ended(t, { flaky });
    assert.equal(outcome?.status, "failure");
    assert.equal(attempts.length, 21);
    assert.deepEqual(waits[0], [0, "flaky failed: it asked to be tried again after 0s"]);
  });

  test("N37: is not tried again where its policy says so", async (t) => {
    const { flaky, attempts } = throwing([retryAfter("0s")], { max: 0 });
    assert.equal((await ended(t, { flaky })).outcome?.status, "failure");
    assert.equal(attempts.length, 1);
  });

  test("N37: and throws anything else without a policy then has failed", async (t) => {
    const { flaky, attempts } = throwing([retryAfter("0s"), new Error("broken")]);
    assert.equal((await ended(t, { flaky })).outcome?.failed[0]?.reason, "flaky failed: broken");
    assert.equal(attempts.length, 2);
  });

  test("N37: may do so while its rows are read", async (t) => {
    let tries = 0;
    const rows = asset("rows", {
      columns: Item,
      async *run() {
        tries += 1;
        yield { id: 1 };
        if (tries === 1) throw retryAfter("1ms");
        yield { id: 2 };
      },
    });
    const { outcome, rows: read } = await ended(t, { rows });
    assert.equal(outcome?.status, "success", outcome?.failed[0]?.reason);
    assert.deepEqual(await read("rows"), [{ id: 1 }, { id: 2 }]);
    assert.equal(tries, 2);
  });

  test("N37: may be a check of what a step has made: it is made again", async (t) => {
    const made: number[] = [];
    let asked = 0;
    const orders = asset("orders", {
      value: z.int(),
      run: (_, { attempt }) => {
        made.push(attempt);
        return attempt;
      },
    });
    const known = assetCheck("is known elsewhere", {
      asset: orders,
      run: () => {
        asked += 1;
        if (asked === 1) throw retryAfter("1ms", { cause: new Error("the register is closed") });
        return { passed: true };
      },
    });
    const { outcome, waits, value, pieces } = await ended(t, { orders, known });
    assert.equal(outcome?.status, "success", outcome?.failed[0]?.reason);
    assert.deepEqual(made, [1, 2]);
    assert.equal(await value("orders"), 2);
    assert.equal((await pieces("orders")).length, 1);
    assert.match(waits[0]?.[1] ?? "", /the register is closed/);
  });

  test("in words that are no duration is told so, and what it went wrong with is kept", () => {
    for (const delay of ["soon", "", "25h", 5 as never, undefined as never]) {
      const cause = new Error("too many requests");
      assert.throws(() => retryAfter(delay, { cause }), {
        code: "INVALID_OPTION",
        message: /no duration of at most a day; write it like "30s" or "5m"/,
        cause,
      });
    }
  });
});

test("N37: an op is tried again by its call's policy, its own, its job's or its project's, whichever says something first", async (t) => {
  const tries: string[] = [];
  const named = (name: string, options: { readonly retry?: RetryOptions } = {}) =>
    op(name, {
      ...options,
      run: () => {
        tries.push(name);
        throw new Error("no answer");
      },
    });
  const retry = (max: number): RetryOptions => ({ max, delay: "1ms", backoff: "constant" });
  const [own, called, plain] = [
    named("own", { retry: retry(2) }),
    named("called", { retry: retry(2) }),
    named("plain"),
  ];
  const all = job("all", {
    retry: retry(1),
    graph: () => void [own(), called(null, { retry: retry(3) }), plain()],
  });
  const { runJob } = await openWorld(t, { all });
  assert.equal((await runJob({ job: "all" })).status, "failure");
  assert.deepEqual(
    ["called", "own", "plain"].map((name) => tries.filter((tried) => tried === name).length),
    [4, 3, 2],
  );
});

test("N37: an op may say when it is to be tried again, and that it is not", async (t) => {
  let tries = 0;
  const busy = op("busy", {
    run: () => {
      tries += 1;
      throw tries === 1 ? retryAfter("1ms") : neverRetry("gone for good");
    },
  });
  const { runJob } = await openWorld(t, {
    call: job("call", { retry: { max: 9 }, graph: () => void busy() }),
  });
  const outcome = await runJob({ job: "call" });
  assert.equal(outcome.failed[0]?.reason, "busy failed: gone for good");
  assert.equal(tries, 2);
});

test("N37: steps that wait for their next try leave their places to others", async (t) => {
  const order: string[] = [];
  const waiting = Array.from({ length: 40 }, (_, index) => {
    const name = `waiting_${index}`;
    return asset(name, {
      value: z.int(),
      run: (_inputs, { attempt }) => {
        order.push(`${name} ${attempt}`);
        if (attempt === 1) throw retryAfter("1500ms");
        return 1;
      },
    });
  });
  const last = asset("z_last", {
    value: z.int(),
    run: () => {
      order.push("last");
      return 1;
    },
  });
  const { outcome } = await ended(t, { waiting, last });
  assert.equal(outcome?.succeeded, 41);
  assert.ok(order.indexOf("last") <= 40, order.join(", "));
});

describe("code that no other try can mend", () => {
  for (const [what, cause] of Object.entries({
    "an error": new Error("the key is revoked"),
    "its message": "the key is revoked",
  })) {
    test(`N37: fails at once whatever its policy, told by ${what}`, async (t) => {
      const { flaky, attempts } = throwing([neverRetry(cause)], { max: 9, delay: "1ms" });
      const { outcome } = await ended(t, { flaky });
      assert.equal(outcome?.failed[0]?.reason, "flaky failed: the key is revoked");
      assert.equal(attempts.length, 1);
    });
  }

  test("keeps what it went wrong with", () => {
    const cause = new TypeError("no");
    assert.equal(neverRetry(cause).cause, cause);
    assert.equal(neverRetry(cause).message, "no");
    assert.equal(neverRetry("no").cause, undefined);
    assert.equal(retryAfter("1s", { cause }).cause, cause);
    assert.equal(retryAfter("1s", cause).cause, cause);
    assert.equal(retryAfter("1s", cause).message, "no");
  });

  test("N37: and is caught and wrapped by the author is an error like any other", async (t) => {
    const wrapped = new Error("of another layer", { cause: neverRetry("no") });
    const { flaky, attempts } = throwing([wrapped], { max: 1, delay: "1ms" });
    assert.equal((await ended(t, { flaky })).outcome?.status, "success");
    assert.equal(attempts.length, 2);
  });
});

describe("a run that is canceled while a step waits for its next try", () => {
  test("N37: ends as canceled, and who goes on with it waits out the rest", async (t) => {
    const { flaky, attempts } = throwing([retryAfter("300ms")]);
    const { materialize, world } = await openWorld(t, { flaky });
    const cancel = new AbortController();
    const { context } = world.open;
    let shown: Promise<RunDetails> | undefined;
    const report = ({ progress }: { progress: string }) => {
      if (progress === "step.retrying")
        shown = context.state.runs
          .list(context.scope, { limit: 1 })
          .then(async ([run]) => showRun(run?.id ?? "", context))
          .finally(() => cancel.abort());
    };
    const began = Date.now();
    const canceled = await materialize({}, { signal: cancel.signal, report });
    assert.equal(canceled.outcome?.status, "canceled");
    const waiting = (await shown)?.steps[0];
    assert.match(waiting?.reason ?? "", /^flaky failed: it asked/);
    assert.ok(Math.abs(Date.parse(waiting?.retryAt ?? "") - began) < 60_000);
    const { state } = context;
    const [step] = await state.runs.steps(canceled.outcome?.runId ?? "");
    assert.notEqual(step?.status, "failure");
    const { outcome } = await materialize({});
    assert.equal(outcome?.status, "success");
    assert.equal(outcome?.runId, canceled.outcome?.runId);
    assert.ok(Date.now() - began >= 300);
    assert.deepEqual(attempts, [1, 2]);
  });
});

describe("what the project says of its steps", () => {
  const world = async (
    t: TestContext,
    options: { retry?: RetryOptions; timeout?: string },
    definitions: object,
  ) => {
    const project = projectDefinition(defineProject({ name: "p", definitions: [definitions], ...options }));
    const opened = await openTestWorld(project ?? assert.fail(), process.cwd(), undefined);
    t.after(() => opened.close());
    return materialize({ selection: "*" }, opened.open.context);
  };

  test("N37: holds for those that say nothing of it themselves", async (t) => {
    const { flaky, attempts } = throwing([new Error("no"), new Error("no")]);
    const { outcome } = await world(t, { retry: { max: 2, delay: "1ms" } }, { flaky });
    assert.equal(outcome?.status, "success");
    assert.equal(attempts.length, 3);
  });

  test("N37: does not hold for those that do", async (t) => {
    const { flaky, attempts } = throwing([new Error("no")], { max: 0 });
    const { outcome } = await world(t, { retry: { max: 2, delay: "1ms" } }, { flaky });
    assert.equal(outcome?.status, "failure");
    assert.equal(attempts.length, 1);
  });

  test("bounds their attempts", async (t) => {
    const slow = asset("slow", { value: z.int(), run: () => new Promise<number>(() => undefined) });
    const { outcome } = await world(t, { timeout: "30ms" }, { slow });
    assert.equal(outcome?.failed[0]?.code, "STEP_TIMED_OUT");
  });

  test("is told where it makes no sense", () => {
    const project = defineProject({ name: "p", definitions: [], retry: { max: -1 }, timeout: "soon" });
    assert.deepEqual(
      projectDefinition(project)?.problems.map(({ message }) => message.replace(/^.*?: /, "")),
      [
        'retry needs max (a whole number) and a delay such as "2s"',
        'the timeout "soon" is no duration; write it like "30s" or "10m"',
      ],
    );
  });
});
