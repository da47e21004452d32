import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset, assetCheck, check, partitions, sql } from "millrace";
import * as z from "zod";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { openProcesses, type Process } from "./processes.ts";

const Order = z.object({ id: z.int(), day: z.iso.date() });
type Order = z.output<typeof Order>;
const days = partitions.daily({ start: "2024-01-01", end: "2024-01-03" });
const one = (day: string) => ({ partitions: { from: day, to: day } });

/** Calls of `arrive` wait for one another until `count` have come; later ones pass. */
function meeting(count: number): { arrive: () => Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let come = 0;
  return {
    arrive: () => {
      come += 1;
      if (come >= count) resolve();
      return promise;
    },
  };
}

async function published({ open }: Process, key: string): Promise<readonly string[]> {
  const { state, scope, known } = open.context;
  const { number } = await state.catalog.head(scope);
  const placed = known.get(key);
  if (placed === undefined) return [];
  const current = await state.catalog.current(scope, number, [placed.assetId]);
  return current.map(({ range }) => placed.space.keyOf(range.from) ?? "");
}

/** The same rules on both databases. */
export function wholeAssetChecks(database: DatabaseUnderTest): void {
  suite(`checks of whole assets on ${database.name}`, () => {
    test("of two runs that are each fine alone and break the key together, the second is rejected (N19)", async (t) => {
      const together = meeting(2);
      const seen: string[] = [];
      const definitions = () => {
        const orders = asset("orders", {
          columns: Order,
          partitions: days,
          codeVersion: "1",
          checks: [check.unique(["id"], { scope: "asset" })],
          run: (_, { partition }) => [{ id: 1, day: partition.key }],
        });
        // Both have checked what they see before either publishes.
        const slow = assetCheck("slow", {
          asset: orders,
          scope: "asset",
          run: async ({ asset }) => {
            seen.push((await asset.rows()).map(({ day }) => day).join(" "));
            await together.arrive();
            return true;
          },
        });
        return { orders, slow };
      };
      const [first, second] = await openProcesses(t, database, definitions(), definitions());
      assert.ok(first && second);
      const runs = await Promise.all([
        first.materialize(one("2024-01-01")),
        second.materialize(one("2024-01-02")),
      ]);
      const statuses = runs.map(({ outcome }) => outcome?.status);
      assert.deepEqual(new Set(statuses), new Set(["failure", "success"]));
      const failed = runs.find(({ outcome }) => outcome?.status === "failure")?.outcome?.failed;
      assert.equal(failed?.[0]?.code, "CHECK_FAILED");
      assert.match(failed?.[0]?.reason ?? "", /unique id: 2 of 2 rows have the same value in id/);
      assert.equal((await published(first, "orders")).length, 1);
      assert.equal(seen.length, 3, "the one that was overtaken was checked again");
      assert.equal(seen[2]?.split(" ").length, 2, "with what the other had published");
    });

    test("two runs that go well together are both published, each checked against the other (N19)", async (t) => {
      const together = meeting(2);
      const definitions = () => {
        const orders = asset("orders", {
          columns: Order,
          partitions: days,
          codeVersion: "1",
          run: (_, { partition }) => [{ id: partition.start.getUTCDate(), day: partition.key }],
        });
        const few = assetCheck("few", {
          asset: orders,
          scope: "asset",
          run: async ({ asset }) => {
            const rows = await asset.count();
            await together.arrive();
            return { passed: rows < 3, metadata: { rows } };
          },
        });
        return { orders, few };
      };
      const [first, second] = await openProcesses(t, database, definitions(), definitions());
      assert.ok(first && second);
      const runs = await Promise.all([
        first.materialize(one("2024-01-01")),
        second.materialize(one("2024-01-02")),
      ]);
      assert.deepEqual(
        runs.map(({ outcome }) => outcome?.status),
        ["success", "success"],
      );
      assert.deepEqual(await published(first, "orders"), ["2024-01-01", "2024-01-02"]);
      const { state, scope, known } = first.open.context;
      const { assetId = 0 } = known.get("orders") ?? {};
      const history = await state.evaluations.history(scope, assetId, "few", 10);
      // What was asked of a state that never came to be is not kept.
      assert.deepEqual(
        history.map(({ metadata, scope: seen }) => [metadata?.["rows"], seen]),
        [
          [2, "asset"],
          [1, "asset"],
        ],
      );
    });

    test("it is asked once for all partitions of a publish, and names what it read (N19)", async (t) => {
      let asked = 0;
      const airports = asset("airports", {
        columns: z.object({ iata: z.string() }),
        run: () => [{ iata: "SFO" }],
      });
      const orders = asset("orders", {
        columns: Order,
        partitions: days,
        checks: [
          check.rowCount({ min: 3, max: 3 }, { scope: "asset", name: "all three" }),
          check.sql("days apart", (table) => sql`select day from ${table} group by day having count(*) > 1`, {
            scope: "asset",
          }),
        ],
        run: (_, { partition }) => [{ id: 1, day: partition.key }],
      });
      const counted = assetCheck("counted", {
        asset: orders,
        deps: { airports },
        scope: "asset",
        run: async ({ asset, airports }) => {
          asked += 1;
          return (await asset.count()) > (await airports.count());
        },
      });
      const [process] = await openProcesses(t, database, { airports, orders, counted });
      assert.ok(process);
      assert.equal((await process.materialize({})).outcome?.status, "success");
      assert.equal(asked, 1);
      const { state, scope, known } = process.open.context;
      const { assetId = 0 } = known.get("orders") ?? {};
      const [evaluation] = await state.evaluations.history(scope, assetId, "counted", 10);
      assert.deepEqual(
        evaluation?.reads.map((read) => [read.asset, read.ranges?.map(({ from, to }) => to - from)]),
        [
          ["orders", [3]],
          ["airports", undefined],
        ],
      );
      const { number } = await state.catalog.head(scope);
      const summary = (await state.catalog.summaries(scope, number, [assetId])).get(assetId);
      assert.equal(evaluation?.reads[0]?.dataVersion, summary?.dataVersion);
    });

    test("what was made from a rejected asset goes with it; the rest of the run is published (N16, N19)", async (t) => {
      const rows: Order[] = [{ id: 1, day: "2024-01-01" }];
      const orders = asset("orders", {
        columns: Order,
        partitions: days,
        codeVersion: "1",
        checks: [check.rowCount({ min: 4 }, { scope: "asset" })],
        run: () => rows,
      });
      const count = asset("count", { value: z.int(), deps: { orders }, run: ({ orders }) => orders.count() });
      const other = asset("other", { value: z.int(), run: () => 1 });
      const [process] = await openProcesses(t, database, { orders, count, other });
      assert.ok(process);
      const { outcome } = await process.materialize({});
      assert.equal(outcome?.status, "failure");
      assert.deepEqual([outcome.succeeded, outcome.skipped, outcome.failed.length], [1, 1, 3]);
      assert.deepEqual(await published(process, "orders"), []);
      assert.deepEqual(await published(process, "count"), []);
      assert.equal((await published(process, "other")).length, 1);
      const { state, scope } = process.open.context;
      const steps = await state.runs.steps(outcome.runId);
      assert.deepEqual(
        steps.map(({ key, status }) => `${key} ${status}`),
        [
          "orders[2024-01-01] failure",
          "orders[2024-01-02] failure",
          "orders[2024-01-03] failure",
          "count skipped",
          "other success",
        ],
      );
      const events = await state.events.read(scope, { runId: outcome.runId, limit: 1000 });
      const rejected = events.filter(({ type }) => type === "version.rejected");
      assert.equal(rejected.length, 4);
    });

    test("a partition that a rollback holds is not checked as if it were published (N17, N19)", async (t) => {
      const seen: number[] = [];
      let id = 1;
      const orders = asset("orders", {
        columns: Order,
        partitions: days,
        codeVersion: "1",
        run: (_, { partition }) => [{ id, day: partition.key }],
      });
      const sum = assetCheck("sum", {
        asset: orders,
        scope: "asset",
        run: async ({ asset }) => {
          seen.push((await asset.rows()).reduce((total, row) => total + row.id, 0));
          return true;
        },
      });
      const made = database.make(t);
      const [process] = await openProcesses(t, { ...database, make: () => made }, { orders, sum });
      assert.ok(process);
      await process.materialize({});
      await (
        await made
      ).execute(
        "update pointer set held_at = 1, held_by = 'me' where range_from = (select min(range_from) from pointer)",
      );
      id = 10;
      assert.equal((await process.materialize({})).outcome?.status, "success");
      assert.deepEqual(seen, [3, 30, 21]);
    });
  });
}
