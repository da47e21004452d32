import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { asset, assetCheck, check, partitions } from "millrace";
import * as z from "zod";
import { release } from "../../../src/control/snapshots/release.ts";
import { rollBack } from "../../../src/control/snapshots/roll-back.ts";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { refused } from "../state/refusal.ts";
import { openProcesses, type Process } from "./processes.ts";

const Order = z.object({ id: z.int(), day: z.iso.date() });
const days = partitions.daily({ start: "2024-01-01", end: "2024-01-04" });
const [first, second, third] = ["2024-01-01", "2024-01-02", "2024-01-03"];
const of = (day: string) => ({ partitions: { from: day, to: day } });
const why = { by: "ada", reason: "wrong ids" };

/** Orders, one a day, whose ids must differ. `ids` says what is made next; `whenAsked` is awaited by each check. */
class Shop {
  readonly ids: Record<string, number> = {};
  /** What a check of the whole has seen: the ids, by day. */
  readonly seen: string[] = [];
  whenAsked: () => Promise<void> = () => Promise.resolve();

  definitions({ checks = true }: { readonly checks?: boolean } = {}): object {
    const orders = asset("orders", {
      columns: Order,
      partitions: days,
      codeVersion: "1",
      checks: checks ? [check.unique(["id"], { scope: "asset" })] : [],
      run: (_, { partition }) => [{ id: this.ids[partition.key] ?? 0, day: partition.key }],
    });
    const slow = assetCheck("slow", {
      asset: orders,
      scope: "asset",
      run: async ({ asset }) => {
        this.seen.push((await asset.rows()).map(({ id }) => id).join(" "));
        await this.whenAsked();
        return true;
      },
    });
    return checks ? { orders, slow } : { orders };
  }

  /** Once, while checks are asked. */
  publishMeanwhile(process: Process, day: string, id: number): void {
    this.ids[day] = id;
    this.whenAsked = async () => {
      this.whenAsked = () => Promise.resolve();
      await process.materialize(of(day));
    };
  }

  async publish(process: Process, ...made: readonly (readonly [day: string, id: number])[]): Promise<void> {
    for (const [day, id] of made) {
      this.ids[day] = id;
      const { outcome } = await process.materialize(of(day));
      assert.equal(outcome?.status, "success");
    }
    this.seen.length = 0;
  }
}

/** Each day's id, and who keeps it. */
async function current({ open }: Process): Promise<readonly string[]> {
  const { state, scope } = open.context;
  const { number } = await state.catalog.head(scope);
  const pieces = await state.catalog.current(scope, number);
  return pieces.map(({ range, version, hold }) => {
    const day = open.context.known.get("orders")?.space.keyOf(range.from);
    return `${day}${hold === undefined ? "" : " held"} ${version.dataVersion ?? ""}`;
  });
}

async function history({ open }: Process, name: string) {
  const { state, scope, known } = open.context;
  return state.evaluations.history(scope, known.get("orders")?.assetId ?? 0, name, 100);
}

/** The first day's id was 1, and is now 2; the second day has taken the 1. */
async function taken(t: TestContext, database: DatabaseUnderTest, shop: Shop, ...others: readonly object[]) {
  const [process, ...rest] = await openProcesses(t, database, shop.definitions(), ...others);
  assert.ok(process);
  await shop.publish(process, [first, 1], [first, 2], [second, 1]);
  return [process, ...rest] as const;
}

/** The same rules on both databases. */
export function movesByHand(database: DatabaseUnderTest): void {
  suite(`checks of whole assets before moves by hand on ${database.name}`, () => {
    test("a rollback that would break a rule of the whole asset is refused, and nothing has moved (N17, N19)", async (t) => {
      const shop = new Shop();
      const [process] = await taken(t, database, shop);
      const before = await current(process);
      const evaluated = await history(process, "unique id");
      const request = { selection: "orders", ...of(first), ...why };
      const error = await refused("CHECK_BROKEN", rollBack(request, process.open.context));
      assert.match(
        error.message,
        /^orders would no longer pass its check unique id: 2 of 2 rows have the same/,
      );
      assert.equal(error.place.asset, "orders");
      assert.deepEqual(await current(process), before);
      assert.deepEqual(await history(process, "unique id"), evaluated, "what never came to be is not kept");

      const dry = await rollBack({ ...request, dryRun: true }, process.open.context);
      assert.equal(dry.refused, true);
      assert.deepEqual(
        dry.checks.map(({ check: name, passed }) => [name, passed]),
        [
          ["unique id", false],
          ["slow", true],
        ],
      );
      assert.deepEqual(await current(process), before);
      assert.deepEqual(shop.seen, ["1 1", "1 1"]);
    });

    test("what is forced moves all the same; that it was, and what the checks found, is kept (N17, N19)", async (t) => {
      const shop = new Shop();
      const [process] = await taken(t, database, shop);
      const { state, scope } = process.open.context;
      const request = { selection: "orders", ...of(first), ...why, force: true };
      const rollback = await rollBack(request, process.open.context);
      assert.deepEqual([rollback.snapshot, rollback.forced, rollback.refused], [4, true, false]);
      const [newest] = await history(process, "unique id");
      assert.deepEqual([newest?.passed, newest?.blocking, newest?.runId], [false, true, undefined]);
      assert.equal(newest?.versionId, rollback.moved[0]?.to, "attached to what has moved");
      const [snapshot] = await state.snapshots.list(scope, { limit: 1 });
      assert.deepEqual(
        [snapshot?.origin, snapshot?.actor, snapshot?.reason, snapshot?.forced],
        ["rollback", "ada", "wrong ids", true],
      );
      const events = (await state.events.read(scope, { limit: 1000 })).slice(-4);
      assert.deepEqual(
        events.map((event) => [event.type, event.type === "held" ? event.data.forced : event.asset]),
        [
          ["check.evaluated", "orders"],
          ["check.evaluated", "orders"],
          ["published", undefined],
          ["held", true],
        ],
      );
    });

    test("a rollback that keeps all rules keeps what the checks found with its snapshot (N17, N19)", async (t) => {
      const shop = new Shop();
      const [process] = await openProcesses(t, database, shop.definitions());
      assert.ok(process);
      await shop.publish(process, [first, 1], [first, 2], [second, 3]);
      const { snapshot, checks } = await rollBack(
        { selection: "orders", ...of(first), ...why },
        process.open.context,
      );
      assert.deepEqual([snapshot, checks.length], [4, 2]);
      const [newest] = await history(process, "slow");
      const { state, scope, known } = process.open.context;
      const { assetId = 0 } = known.get("orders") ?? {};
      const summary = (await state.catalog.summaries(scope, 4, [assetId])).get(assetId);
      assert.equal(newest?.reads[0]?.dataVersion, summary?.dataVersion, "it has seen what is current now");
      const [made] = await state.snapshots.list(scope, { limit: 1 });
      assert.equal(made?.forced, false);
    });

    test("a run that publishes between the checks and the rollback has them asked again (N17, N19)", async (t) => {
      const shop = new Shop();
      const [process, other] = await openProcesses(t, database, shop.definitions(), shop.definitions());
      assert.ok(process && other);
      await shop.publish(process, [first, 1], [first, 2]);
      // What the checks have seen is the first day alone; the second takes the id that it goes back to.
      shop.publishMeanwhile(other, second, 1);
      const request = { selection: "orders", ...of(first), ...why };
      const error = await refused("CHECK_BROKEN", rollBack(request, process.open.context));
      assert.match(error.message, /2 of 2 rows/);
      assert.deepEqual(shop.seen, ["1", "2 1", "1 1"]);
      assert.equal((await other.open.context.state.holds.list(other.open.context.scope)).length, 0);
    });

    test("a run that publishes meanwhile what goes well with the rollback is part of what was checked (N17, N19)", async (t) => {
      const shop = new Shop();
      const [process] = await openProcesses(t, database, shop.definitions());
      assert.ok(process);
      await shop.publish(process, [first, 1], [first, 2]);
      shop.publishMeanwhile(process, second, 3);
      await rollBack({ selection: "orders", ...of(first), ...why }, process.open.context);
      assert.deepEqual(shop.seen, ["1", "2 3", "1 3"]);
      assert.equal((await history(process, "slow")).length, 4, "what was asked in vain is not kept");
    });

    test("a rollback that others overtake again and again gives up, and says so (N17, N19)", async (t) => {
      const shop = new Shop();
      const [process] = await openProcesses(t, database, shop.definitions());
      assert.ok(process);
      await shop.publish(process, [first, 1], [first, 2]);
      let id = 10;
      let publishing = false;
      shop.whenAsked = async () => {
        if (publishing) return;
        publishing = true;
        shop.ids[second] = id += 1;
        await process.materialize(of(second));
        publishing = false;
      };
      const request = { selection: "orders", ...of(first), ...why };
      const error = await refused("CHECKS_OVERTAKEN", rollBack(request, process.open.context));
      assert.ok(error.retryable);
      assert.equal(id, 20);
    });

    test("a release publishes nothing that would break a rule of the whole asset, and all stays held (N17, N19)", async (t) => {
      const shop = new Shop();
      const [process] = await openProcesses(t, database, shop.definitions());
      assert.ok(process);
      await shop.publish(process, [first, 1], [first, 2]);
      const { context } = process.open;
      await rollBack({ selection: "orders", ...of(first), ...why }, context);
      // The one that waits is fine where it was made; then another day takes its id.
      await shop.publish(process, [first, 3], [second, 3]);
      const before = await current(process);
      const request = { selection: "orders", ...why, publish: true };
      const error = await refused("CHECK_BROKEN", release(request, context));
      assert.match(error.message, /orders would no longer pass its check unique id: 2 of 2 rows/);
      assert.deepEqual(await current(process), before);
      assert.equal((await context.state.holds.list(context.scope)).length, 1);

      const forced = await release({ ...request, force: true }, context);
      assert.deepEqual([forced.snapshot, forced.published.length, forced.forced], [5, 1, true]);
      const [newest] = await history(process, "unique id");
      assert.deepEqual([newest?.passed, newest?.versionId], [false, forced.published[0]]);
      const [snapshot] = await context.state.snapshots.list(context.scope, { limit: 1 });
      assert.deepEqual([snapshot?.origin, snapshot?.forced], ["release", true]);
    });

    test("a run that publishes between the checks and a release has them asked again (N17, N19)", async (t) => {
      const shop = new Shop();
      const [process] = await openProcesses(t, database, shop.definitions());
      assert.ok(process);
      await shop.publish(process, [first, 1], [first, 2]);
      const { context } = process.open;
      await rollBack({ selection: "orders", ...of(first), ...why }, context);
      await shop.publish(process, [first, 3]);
      shop.publishMeanwhile(process, third, 3);
      const request = { selection: "orders", ...why, publish: true };
      await refused("CHECK_BROKEN", release(request, context));
      assert.deepEqual(shop.seen, ["3", "1 3", "3 3"]);
    });

    test("a check that the code has no more is told, not passed over in silence (N17, N19)", async (t) => {
      const shop = new Shop();
      const [, without] = await taken(t, database, shop, shop.definitions({ checks: false }));
      assert.ok(without);
      const rollback = await rollBack({ selection: "orders", to: "1", ...why }, without.open.context);
      assert.deepEqual(rollback.checks, []);
      assert.deepEqual(rollback.unasked, [
        { asset: "orders", check: "unique id" },
        { asset: "orders", check: "slow" },
      ]);
    });

    test("a partition that a rollback takes away is gone for the checks too; of nothing nothing is asked (N17, N19)", async (t) => {
      const shop = new Shop();
      const [process] = await openProcesses(t, database, shop.definitions());
      assert.ok(process);
      const { context } = process.open;
      await shop.publish(process, [first, 1], [second, 2]);
      const { checks } = await rollBack({ selection: "orders", ...of(second), to: "1", ...why }, context);
      assert.deepEqual([checks.length, shop.seen], [2, ["1"]]);

      const orders = context.graph.byKey.get("orders");
      const placed = context.known.get("orders");
      assert.ok(orders && placed);
      const [piece] = await context.state.catalog.current(context.scope, 3, [placed.assetId]);
      assert.ok(piece);
      const nothing = await context.checker.checkMoves({
        snapshot: 3,
        assets: [orders],
        places: [{ asset: orders, range: piece.range, version: undefined }],
        signal: t.signal,
        logOf: () => assert.fail(),
      });
      assert.deepEqual(nothing, {
        assets: [{ assetId: placed.assetId, dataVersion: undefined }],
        evaluations: [],
      });
    });
  });
}
