import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset, partitions } from "millrace";
import * as z from "zod";
import { release } from "../../../src/control/snapshots/release.ts";
import { rollBack } from "../../../src/control/snapshots/roll-back.ts";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { openProcesses } from "../whole-asset-checks/processes.ts";
import { currentValue, currentVersions, publishes } from "./current-values.ts";

const days = partitions.daily({ start: "2024-01-01", end: "2024-01-03" });
const asItGoes = { publish: "step" } as const;
const me = { by: "ada", reason: "" };

/** What does not become current at once in a run that publishes as it goes: the same on both databases. */
export function stayingBehind(database: DatabaseUnderTest): void {
  suite(`a run that publishes as it goes, and what waits for its end, on ${database.name}`, () => {
    test("partitions whose columns change publish together, with what is made from them (N6, N16)", async (t) => {
      const definitions = (columns: z.ZodObject<{ n: z.ZodInt | z.ZodString }>) => {
        const orders = asset("orders", {
          columns,
          partitions: days,
          codeVersion: "1",
          run: () => [{ n: columns.shape.n instanceof z.ZodString ? "one" : 1 }] as never,
        });
        const count = asset("count", {
          value: z.int(),
          deps: { orders },
          run: ({ orders }) => orders.count(),
        });
        const other = asset("other", { value: z.int(), run: () => 1 });
        const last = asset("last", { value: z.int(), deps: { other }, run: ({ other }) => other.get() });
        return { orders, count, other, last };
      };
      const [ints, texts] = await openProcesses(
        t,
        database,
        definitions(z.object({ n: z.int() })),
        definitions(z.object({ n: z.string() })),
      );
      assert.ok(ints && texts);
      const before = await ints.materialize({}, asItGoes);
      assert.equal((await publishes(ints, before.outcome?.runId ?? "")).length, 6);
      const { outcome } = await texts.materialize({}, asItGoes);
      assert.equal(outcome?.status, "success");
      const told = await publishes(texts, outcome.runId);
      assert.deepEqual(told.toSorted(), ["7 other", "8 last", "9 orders count"]);
    });

    test("what a rollback holds stays staged with what is made from it, until it is released (N17)", async (t) => {
      let value = 1;
      const source = asset("source", { value: z.int(), run: () => value });
      const result = asset("result", {
        value: z.int(),
        deps: { source },
        run: async ({ source }) => (await source.get()) * 10,
      });
      const other = asset("other", { value: z.int(), run: () => value });
      const [process] = await openProcesses(t, database, { source, result, other });
      assert.ok(process);
      await process.materialize({});
      value = 2;
      await process.materialize({});
      const { context } = process.open;
      await rollBack({ selection: "source", ...me }, context);
      value = 3;
      const { outcome } = await process.materialize({}, asItGoes);
      assert.deepEqual([outcome?.status, outcome?.held], ["success", ["source", "result"]]);
      assert.deepEqual(await publishes(process, outcome?.runId ?? ""), ["4 other"]);
      assert.deepEqual(
        [await currentValue(process, "source"), await currentValue(process, "result")],
        [1, 20],
      );
      await release({ selection: "source", ...me, publish: true }, context);
      assert.equal(await currentValue(process, "source"), 3);
    });

    test("a rollback under it holds what it then makes, and what it makes from that (N14, N17)", async (t) => {
      const begun = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      let value = 1;
      const source = asset("source", {
        value: z.int(),
        run: async () => {
          if (value === 3) {
            begun.resolve();
            await gate.promise;
          }
          return value;
        },
      });
      const result = asset("result", {
        value: z.int(),
        deps: { source },
        run: async ({ source }) => (await source.get()) * 10,
      });
      const [process] = await openProcesses(t, database, { source, result });
      assert.ok(process);
      await process.materialize({});
      value = 2;
      await process.materialize({});
      value = 3;
      const running = process.materialize({}, asItGoes);
      await begun.promise;
      await rollBack({ selection: "source", ...me }, process.open.context);
      gate.resolve();
      const { outcome } = await running;
      assert.deepEqual([outcome?.status, outcome?.held], ["success", ["source", "result"]]);
      assert.deepEqual(
        [await currentValue(process, "source"), await currentValue(process, "result")],
        [1, 20],
      );
    });

    test("what was appended to something else is not published, nor what is made from it (N15)", async (t) => {
      const begun = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      let waits = false;
      const Row = z.object({ id: z.int() });
      const definitions = (offset: number) => {
        const log = asset("log", {
          columns: Row,
          write: "append",
          run: async (_, { previous }) => {
            const count = await previous.count();
            if (waits) {
              waits = false;
              begun.resolve();
              await gate.promise;
            }
            return [{ id: count + offset }];
          },
        });
        const count = asset("count", { value: z.int(), deps: { log }, run: ({ log }) => log.count() });
        const twice = asset("twice", {
          value: z.int(),
          deps: { count },
          run: async ({ count }) => (await count.get()) * 2,
        });
        return { log, count, twice };
      };
      const [one, two] = await openProcesses(t, database, definitions(1), definitions(100));
      assert.ok(one && two);
      await one.materialize({ selection: "log" });
      waits = true;
      // It has pinned what was there before the other one publishes, and waits for its turn.
      const first = one.materialize({ selection: "log" });
      await begun.promise;
      const second = two.materialize({}, { ...asItGoes, claims: "wait", onStart: () => gate.resolve() });
      const [, { outcome }] = await Promise.all([first, second]);
      assert.equal(outcome?.status, "success");
      assert.deepEqual(outcome.superseded.toSorted(), ["count", "log", "twice"]);
      assert.deepEqual(await publishes(two, outcome.runId), []);
      assert.deepEqual(await currentVersions(two, "count"), new Map());
    });

    test("what has left the code is retired at the end (N12, N16)", async (t) => {
      const kept = asset("kept", { value: z.int(), run: () => 1 });
      const gone = asset("gone", { value: z.int(), run: () => 2 });
      const [before, after] = await openProcesses(t, database, { kept, gone }, { kept });
      assert.ok(before && after);
      await before.materialize({});
      const { outcome } = await after.materialize({}, asItGoes);
      assert.equal(outcome?.status, "success");
      assert.deepEqual(await publishes(after, outcome.runId), ["2 kept", "3"]);
      assert.deepEqual(await currentVersions(before, "gone"), new Map());
    });
  });
}
