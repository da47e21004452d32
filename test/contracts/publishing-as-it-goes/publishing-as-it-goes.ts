import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset, assetCheck, check, multiAsset, partitions } from "millrace";
import * as z from "zod";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { openProcesses, type Process } from "../whole-asset-checks/processes.ts";
import { currentValue, currentVersions, head, publishes } from "./current-values.ts";

const days = partitions.daily({ start: "2024-01-01", end: "2024-01-03" });
const asItGoes = { publish: "step" } as const;

const fails = (): never => {
  throw new Error("boom");
};

/** The same rules on both databases. */
export function publishingAsItGoes(database: DatabaseUnderTest): void {
  suite(`a run that publishes as it goes on ${database.name}`, () => {
    test("makes what each step has made current as soon as it has passed, in a snapshot of its own (N16)", async (t) => {
      const seen: unknown[] = [];
      const reader: { process?: Process } = {};
      const look = async (key: string): Promise<void> => {
        if (reader.process !== undefined) seen.push(await currentValue(reader.process, key));
      };
      const first = asset("first", { value: z.int(), run: () => 1 });
      const second = asset("second", {
        value: z.int(),
        deps: { first },
        run: async ({ first }) => {
          await look("first");
          return (await first.get()) + 1;
        },
      });
      const third = asset("third", {
        value: z.int(),
        deps: { second },
        run: async ({ second }) => {
          await look("second");
          return (await second.get()) + 1;
        },
      });
      const [process] = await openProcesses(t, database, { first, second, third });
      assert.ok(process);
      reader.process = process;
      const { outcome } = await process.materialize({}, asItGoes);
      assert.equal(outcome?.status, "success");
      assert.deepEqual(seen, [1, 2]);
      assert.deepEqual(await publishes(process, outcome.runId), ["1 first", "2 second", "3 third"]);
      assert.equal(outcome.snapshot, 3);
      const { state, scope } = process.open.context;
      assert.deepEqual(await state.runs.snapshots(scope, outcome.runId), [1, 2, 3]);
      assert.equal((await state.runs.get(scope, outcome.runId))?.publish, "step");
      const origins = (await state.snapshots.list(scope, { limit: 9 })).map(({ origin }) => origin);
      assert.deepEqual(origins, ["run", "run", "run", "empty"]);
    });

    test("publishes what comes out of one step together, and keeps what it left out (N16)", async (t) => {
      let withB = true;
      const pair = multiAsset("pair", {
        outputs: { a: { value: z.int() }, b: { value: z.int(), optional: true } },
        run: (_) => (withB ? { a: 1, b: 2 } : { a: 3 }),
      });
      const [process] = await openProcesses(t, database, { ...pair });
      assert.ok(process);
      const both = await process.materialize({}, asItGoes);
      assert.deepEqual(await publishes(process, both.outcome?.runId ?? ""), ["1 pair/a pair/b"]);
      withB = false;
      const only = await process.materialize({}, asItGoes);
      assert.deepEqual(await publishes(process, only.outcome?.runId ?? ""), ["2 pair/a"]);
      assert.deepEqual(
        [await currentValue(process, "pair/a"), await currentValue(process, "pair/b")],
        [3, 2],
      );
    });

    test("publishes neither what failed nor what was made from it; the rest stays (N16, N19)", async (t) => {
      const good = asset("good", { value: z.int(), run: () => 1 });
      const bad = asset("bad", { value: z.int(), deps: { good }, run: fails });
      const below = asset("below", { value: z.int(), deps: { bad }, run: ({ bad }) => bad.get() });
      const pair = multiAsset("pair", {
        outputs: {
          a: { columns: z.object({ id: z.int() }), checks: [check.rowCount({ min: 5 })] },
          b: { value: z.int() },
        },
        run: (_) => ({ a: [{ id: 1 }], b: 2 }),
      });
      const [process] = await openProcesses(t, database, { good, bad, below, ...pair });
      assert.ok(process);
      const { outcome } = await process.materialize({}, asItGoes);
      assert.equal(outcome?.status, "failure");
      assert.deepEqual([outcome.succeeded, outcome.skipped, outcome.failed.length], [1, 1, 2]);
      assert.deepEqual(await publishes(process, outcome.runId), ["1 good"]);
      assert.equal(await currentValue(process, "pair/b"), undefined, "its sibling was rejected");
    });

    test("goes on reading the snapshot it began with and what it has made, whatever others publish (N14)", async (t) => {
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      let [waits, value] = [false, 1];
      const definitions = () => {
        const other = asset("other", { value: z.int(), run: () => value });
        const own = asset("own", {
          value: z.int(),
          run: async () => {
            if (waits) {
              begun.resolve();
              await gate.promise;
            }
            return 10 * value;
          },
        });
        const sum = asset("sum", {
          value: z.int(),
          deps: { other, own },
          run: async ({ other, own }) => (await other.get()) + (await own.get()),
        });
        return { other, own, sum };
      };
      const [one, two] = await openProcesses(t, database, definitions(), definitions());
      assert.ok(one && two);
      await one.materialize({});
      [waits, value] = [true, 2];
      const running = one.materialize({ selection: "own sum" }, asItGoes);
      await begun.promise;
      waits = false;
      value = 3;
      await two.materialize({ selection: "other" });
      gate.resolve();
      const { outcome } = await running;
      assert.equal(outcome?.status, "success");
      assert.equal(await currentValue(one, "other"), 3);
      assert.equal(await currentValue(one, "sum"), 31, "its own, and the other one as it was");
    });

    test("rejects the partition that would break the whole asset, and keeps those before it (N16, N19)", async (t) => {
      const orders = asset("orders", {
        columns: z.object({ id: z.int(), day: z.string() }),
        partitions: days,
        codeVersion: "1",
        checks: [check.unique(["id"], { scope: "asset" })],
        run: (_, { partition }) => [{ id: partition.start.getUTCDate() % 2, day: partition.key }],
      });
      const count = asset("count", { value: z.int(), deps: { orders }, run: ({ orders }) => orders.count() });
      const other = asset("other", { value: z.int(), run: () => 1 });
      const [process] = await openProcesses(t, database, { orders, count, other });
      assert.ok(process);
      const { outcome } = await process.materialize({}, asItGoes);
      assert.equal(outcome?.status, "failure");
      // The first and the third have the same id: whichever comes second.
      assert.deepEqual([outcome.succeeded, outcome.skipped, outcome.failed.length], [3, 1, 1]);
      assert.match(outcome.failed[0]?.step ?? "", /orders\[2024-01-0[13]\]/);
      assert.equal(outcome.failed[0]?.code, "CHECK_FAILED");
      assert.equal((await currentVersions(process, "orders")).size, 2);
      assert.deepEqual(await currentVersions(process, "count"), new Map());
      assert.equal((await publishes(process, outcome.runId)).length, 3);
      const { state, scope } = process.open.context;
      const events = await state.events.read(scope, { runId: outcome.runId, limit: 1_000 });
      assert.equal(events.filter(({ type }) => type === "version.rejected").length, 1);
    });

    test("a step below what was rejected reads what is current of it, where it runs all the same (N14, N19)", async (t) => {
      let amount = 1;
      const orders = asset("orders", {
        columns: z.object({ amount: z.int() }),
        codeVersion: "1",
        run: () => [{ amount }],
      });
      const cheap = assetCheck("cheap", {
        asset: orders,
        scope: "asset",
        run: async ({ asset }) => ((await asset.rows())[0]?.amount ?? 0) < 5,
      });
      const told = asset("told", {
        value: z.int(),
        triggerRule: "all_done",
        deps: { orders },
        run: async ({ orders }) => (await orders.rows())[0]?.amount ?? 0,
      });
      const [process] = await openProcesses(t, database, { orders, cheap, told });
      assert.ok(process);
      await process.materialize({}, asItGoes);
      amount = 7;
      const { outcome } = await process.materialize({}, asItGoes);
      assert.deepEqual([outcome?.status, outcome?.succeeded], ["failure", 1]);
      assert.equal(await currentValue(process, "told"), 1);
    });

    test("a step whose content an endpoint could not read is rejected, with what reads it; others go (N16, N20)", async (t) => {
      const definitions = (columns: z.ZodObject<{ n: z.ZodInt | z.ZodString }>) => {
        const orders = asset("orders", {
          columns,
          codeVersion: "1",
          run: () => [{ n: columns.shape.n instanceof z.ZodString ? "one" : 1 }] as never,
        });
        const count = asset("count", {
          value: z.int(),
          deps: { orders },
          run: ({ orders }) => orders.count(),
        });
        const other = asset("other", { value: z.int(), run: () => 1 });
        return { orders, count, other };
      };
      const [ints, texts] = await openProcesses(
        t,
        database,
        definitions(z.object({ n: z.int() })),
        definitions(z.object({ n: z.string() })),
      );
      assert.ok(ints && texts);
      await ints.materialize({ selection: "orders" });
      const { state, scope } = texts.open.context;
      const columns = (await currentVersions(ints, "orders")).get("")?.columns ?? [];
      const contract = {
        endpoint: "GET /orders",
        asset: "orders",
        columns: columns.map((each) => ({ ...each, rules: [] })),
      };
      await state.contracts.announce(scope, { id: "s", host: "here", pid: 1 }, [contract], 600_000);
      const { outcome } = await texts.materialize({}, asItGoes);
      assert.equal(outcome?.status, "failure");
      assert.deepEqual(
        outcome.failed.map(({ step, code }) => `${step} ${code}`),
        ["orders CONTRACT_BROKEN"],
      );
      assert.equal(outcome.skipped, 1);
      assert.deepEqual(await publishes(texts, outcome.runId), ["2 other"]);
      const forced = await texts.materialize({}, { ...asItGoes, force: true });
      const names = (await publishes(texts, forced.outcome?.runId ?? "")).map((told) => told.slice(2));
      assert.deepEqual(names.toSorted(), ["count", "orders", "other"]);
    });

    test("canceled, keeps what it has published; the same run goes on and publishes only the rest (N16)", async (t) => {
      const cancel = new AbortController();
      const runs: string[] = [];
      const first = asset("first", {
        value: z.int(),
        codeVersion: "1",
        run: () => {
          runs.push("first");
          return 1;
        },
      });
      const second = asset("second", {
        value: z.int(),
        codeVersion: "1",
        deps: { first },
        run: async ({ first }, { signal }) => {
          runs.push("second");
          if (!cancel.signal.aborted) cancel.abort();
          signal.throwIfAborted();
          return (await first.get()) + 1;
        },
      });
      const [process] = await openProcesses(t, database, { first, second });
      assert.ok(process);
      const canceled = await process.materialize({}, { ...asItGoes, signal: cancel.signal });
      assert.equal(canceled.outcome?.status, "canceled");
      assert.equal(canceled.outcome.snapshot, 1);
      assert.equal(await currentValue(process, "first"), 1);
      let continued: number | undefined;
      // In the way it began, though nobody says so.
      const { outcome } = await process.materialize(
        {},
        { onStart: (start) => (continued = start.continued) },
      );
      assert.deepEqual([outcome?.status, continued], ["success", 1]);
      assert.equal(outcome?.runId, canceled.outcome.runId);
      assert.deepEqual(runs, ["first", "second", "second"]);
      assert.deepEqual(await publishes(process, outcome.runId), ["1 first", "2 second"]);
      const { state, scope } = process.open.context;
      assert.equal((await state.runs.get(scope, outcome.runId))?.publish, "step");
    });

    test("is not continued once another has published besides it (N14)", async (t) => {
      const cancel = new AbortController();
      const first = asset("first", { value: z.int(), codeVersion: "1", run: () => 1 });
      const second = asset("second", {
        value: z.int(),
        codeVersion: "1",
        deps: { first },
        run: ({ first }, { signal }) => {
          if (!cancel.signal.aborted) cancel.abort();
          signal.throwIfAborted();
          return first.get();
        },
      });
      const other = asset("other", { value: z.int(), run: () => 1 });
      const [process] = await openProcesses(t, database, { first, second, other });
      assert.ok(process);
      const work = { selection: "first second" };
      const canceled = await process.materialize(work, { ...asItGoes, signal: cancel.signal });
      await process.materialize({ selection: "other" });
      const { outcome } = await process.materialize(work, asItGoes);
      assert.equal(outcome?.status, "success");
      assert.notEqual(outcome.runId, canceled.outcome?.runId);
      assert.equal(await head(process), 4);
    });
  });
}
