import assert from "node:assert/strict";
import { test } from "node:test";
import { Redactor } from "../core/config/redactor.ts";
import { MillraceError } from "../core/errors.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { RunChange, RunLease, RunStore } from "../ports/state/run-store.ts";
import { ChangeWriter } from "./change-writer.ts";

const scope: Scope = { projectId: 1, environmentId: 1, environment: "main" };
const lease: RunLease = { runId: "r", token: 1, snapshot: 1 };
const change = (step: string): RunChange => ({ change: "step.started", step });

/** A store that keeps what it was given, a list for each transaction, and refuses the steps named. */
function stateThat(refuses: readonly string[] = [], wait?: (transaction: number) => Promise<void>) {
  const transactions: string[][] = [];
  const attempts: string[][] = [];
  const runs = {
    async apply(_: Scope, __: RunLease, changes: readonly RunChange[]) {
      const steps = changes.map((each) => ("step" in each ? each.step : ""));
      attempts.push(steps);
      await wait?.(attempts.length);
      const refused = steps.find((each) => refuses.includes(each));
      if (refused !== undefined) throw new MillraceError("RUN_CLAIMED", { step: refused, run: "other" });
      transactions.push(steps);
    },
  } as unknown as RunStore;
  const failures: unknown[] = [];
  const writer = new ChangeWriter(runs, scope, lease, new Redactor(), (reason) => failures.push(reason));
  return { writer, transactions, attempts, failures };
}

test("what is written in one turn goes into one transaction, in order (N36)", async () => {
  const { writer, transactions } = stateThat();
  await Promise.all([
    writer.write([change("a"), change("b")]),
    writer.write([change("c")]),
    writer.write([]),
  ]);
  assert.deepEqual(transactions, [["a", "b", "c"]]);
});

test("what comes while a transaction is under way goes into the next one, all of it (N36)", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { writer, transactions } = stateThat([], async (transaction) => {
    if (transaction > 1) return;
    begin();
    await held;
  });
  const first = writer.write([change("a")]);
  await begun;
  const rest = [writer.write([change("b")]), writer.write([change("c")])];
  release();
  await Promise.all([first, ...rest]);
  assert.deepEqual(transactions, [["a"], ["b", "c"]]);
});

test("a write resolves once it is durable, not before (N36)", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { writer } = stateThat([], async () => {
    begin();
    await held;
  });
  let durable = false;
  const write = writer.write([change("a")]).then(() => (durable = true));
  await begun;
  assert.equal(durable, false);
  release();
  await write;
  assert.equal(durable, true);
});

test("a refused change rejects its own write and harms no other; the others keep their order (N36)", async () => {
  const { writer, transactions } = stateThat(["b"]);
  const results = await Promise.allSettled([
    writer.write([change("a")]),
    writer.write([change("x"), change("b")]),
    writer.write([change("c"), change("d")]),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.match(String((results[1] as PromiseRejectedResult).reason), /b is being written by run other/);
  assert.deepEqual(transactions, [["a"], ["c", "d"]], "all of a write or nothing of it");
});

test("when state fails, nothing is tried a second time: it might have been applied", async () => {
  let tries = 0;
  const runs = {
    apply: () => {
      tries += 1;
      return Promise.reject(new MillraceError("STATE_UNAVAILABLE", { reason: "gone" }));
    },
  } as unknown as RunStore;
  const writer = new ChangeWriter(runs, scope, lease, new Redactor(), () => undefined);
  const results = await Promise.allSettled([writer.write([change("a")]), writer.write([change("b")])]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.equal(tries, 1);
});

test("after a refusal the writer goes on", async () => {
  const { writer, transactions } = stateThat(["a"]);
  await assert.rejects(writer.write([change("a")]), /a is being written by run other/);
  await writer.write([change("b")]);
  assert.deepEqual(transactions, [["b"]]);
});

test("drained waits for all that was handed in, also in the meantime, and for nothing when idle", async () => {
  const { writer, transactions } = stateThat();
  await writer.drained();
  const seen: string[] = [];
  writer.follow(writer.write([change("a")]), () => {
    seen.push("a");
    writer.follow(writer.write([change("b")]), () => seen.push("b"));
  });
  await writer.drained();
  assert.deepEqual(transactions, [["a"], ["b"]]);
  assert.deepEqual(seen, ["a", "b"], "followers have been told");
});

test("a write that is only followed tells of its failure, and its follower is not called", async () => {
  const { writer, failures } = stateThat(["a"]);
  writer.follow(writer.write([change("a")]), () => assert.fail("it was not durable"));
  await writer.drained();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(failures.map(String), ["MillraceError: a is being written by run other"]);
});

test("a follower that throws tells of it too", async () => {
  const { writer, failures } = stateThat();
  writer.follow(writer.write([change("a")]), () => {
    throw new Error("mine");
  });
  await writer.drained();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(failures.map(String), ["Error: mine"]);
});

test("10,000 writes at once are one transaction", async () => {
  const { writer, attempts } = stateThat();
  await Promise.all(Array.from({ length: 10_000 }, (_, index) => writer.write([change(String(index))])));
  assert.equal(attempts.length, 1);
  assert.equal(attempts[0]?.[9_999], "9999");
});
