import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { asset, assetCheck, check, partitions, skip, sql } from "millrace";
import * as z from "zod";
import { openWorld } from "./world.ts";

const Item = z.object({ id: z.int(), price: z.number() });
type Item = z.output<typeof Item>;

describe("publishing", () => {
  test("a failed blocking check leaves readers on the last good version, and says what was found (N16, N19)", async (t) => {
    let content: Item[] = [{ id: 1, price: 2 }];
    const items = asset("items", { columns: Item, checks: [check.unique("id")], run: () => content });
    const count = asset("count", { value: z.int(), deps: { items }, run: ({ items }) => items.count() });
    const world = await openWorld(t, { items, count });
    await world.materialize({});
    const good = await world.snapshot();

    content = [
      { id: 1, price: 2 },
      { id: 1, price: 3 },
    ];
    const { outcome } = await world.materialize({});
    assert.equal(outcome?.status, "failure");
    assert.equal(outcome?.failed[0]?.code, "CHECK_FAILED");
    assert.match(outcome?.failed[0]?.reason ?? "", /unique id/);
    assert.equal(outcome?.skipped, 1, "what lies downstream is skipped");
    assert.deepEqual(await world.rows("items"), [{ id: 1, price: 2 }]);
    assert.equal(await world.value("count"), 1);
    assert.equal(await world.snapshot(), good);
  });

  test("a failed check that does not block is recorded, and the version is published (N19)", async (t) => {
    const items = asset("items", {
      columns: Item,
      checks: [check.rowCount({ min: 2 }, { blocking: false, severity: "warn" })],
      run: () => [{ id: 1, price: 2 }],
    });
    const { materialize, pieces, world } = await openWorld(t, { items });
    const { outcome } = await materialize({});
    assert.equal(outcome?.status, "success");
    const [piece] = await pieces("items");
    const { state, scope } = world.open.context;
    const evaluations = await state.catalog.evaluations(scope, [piece?.version.id ?? ""]);
    assert.deepEqual(
      evaluations.map(({ passed, severity, blocking }) => ({ passed, severity, blocking })),
      [{ passed: false, severity: "warn", blocking: false }],
    );
  });

  test("a check in TypeScript sees the staged version, and nobody else does (N14, N19)", async (t) => {
    const seen: number[] = [];
    let price = 1;
    const items = asset("items", { columns: Item, run: () => [{ id: 1, price }] });
    const reader: { rows?: () => Promise<readonly object[]> } = {};
    const cheap = assetCheck("cheap", {
      asset: items,
      async run({ asset }) {
        const [staged] = await asset.rows();
        const [published] = (await reader.rows?.()) ?? [];
        seen.push(staged?.price ?? 0, published === undefined ? 0 : (published as Item).price);
        return { passed: (staged?.price ?? 0) < 10, description: `it costs ${staged?.price}` };
      },
    });
    const world = await openWorld(t, { items, cheap });
    await world.materialize({});
    reader.rows = () => world.rows("items");
    price = 12;
    const { outcome } = await world.materialize({});
    assert.deepEqual(seen, [1, 0, 12, 1]);
    assert.match(outcome?.failed[0]?.reason ?? "", /it costs 12/);
  });

  test("a check that throws has failed, with its words (N19)", async (t) => {
    const items = asset("items", { columns: Item, run: () => [{ id: 1, price: 1 }] });
    const broken = assetCheck("broken", {
      asset: items,
      run: () => {
        throw new Error("no such oracle");
      },
    });
    const { outcome } = await (await openWorld(t, { items, broken })).materialize({});
    assert.match(outcome?.failed[0]?.reason ?? "", /no such oracle/);
  });

  test("what did not fail in a run is published, in one snapshot (N16)", async (t) => {
    const good = asset("good", { value: z.int(), run: () => 1 });
    const alsoGood = asset("also_good", {
      value: z.int(),
      deps: { good },
      run: async ({ good }) => (await good.get()) + 1,
    });
    const bad = asset("bad", {
      value: z.int(),
      run: () => {
        throw new Error("boom");
      },
    });
    const below = asset("below", { value: z.int(), deps: { bad }, run: ({ bad }) => bad.get() });
    const world = await openWorld(t, { good, alsoGood, bad, below });
    const { outcome } = await world.materialize({});
    assert.equal(outcome?.status, "failure");
    assert.deepEqual([outcome?.succeeded, outcome?.skipped, outcome?.failed.length], [2, 1, 1]);
    assert.equal(await world.snapshot(), 1);
    assert.equal(await world.value("also_good"), 2);
    assert.deepEqual(await world.pieces("below"), []);
  });

  test("an equal result keeps the old bytes, and nothing below is made again (N4, N22)", async (t) => {
    let runs = 0;
    let content: Item[] = [
      { id: 1, price: 2 },
      { id: 2, price: 3 },
    ];
    const items = asset("items", { columns: Item, codeVersion: "1", run: () => content });
    const doubled = asset("doubled", {
      columns: Item,
      codeVersion: "1",
      deps: { items },
      run: async ({ items }) => {
        runs += 1;
        return (await items.rows()).map((item) => ({ ...item, price: item.price * 2 }));
      },
    });
    const world = await openWorld(t, { items, doubled });
    await world.materialize({});
    const [before] = await world.pieces("items");
    const files = await readdir(join(world.world.open.data, "items"));

    content = content.toReversed();
    const { outcome } = await world.materialize({ selection: "items" });
    assert.equal(outcome?.status, "success");
    const [after] = await world.pieces("items");
    assert.notEqual(after?.version.id, before?.version.id, "the new version records where it came from");
    assert.deepEqual(after?.version.location, before?.version.location);
    assert.deepEqual(await readdir(join(world.world.open.data, "items")), files);
    assert.deepEqual(await world.rows("items"), content.toReversed(), "the order of the kept bytes");
    const stale = await world.materialize({ staleOnly: true });
    assert.equal(stale.outcome, undefined);
    assert.equal(runs, 1);
  });

  test("a step that might have to run is skipped when what it reads comes out as it was (N22)", async (t) => {
    let version = "1";
    const definitions = () => {
      const source = asset("source", { value: z.int(), codeVersion: version, run: () => 7 });
      const below = asset("below", {
        value: z.int(),
        codeVersion: "1",
        deps: { source },
        run: ({ source }) => source.get(),
      });
      return { source, below };
    };
    const first = await openWorld(t, definitions());
    await first.materialize({});
    version = "2";
    const { loaded } = first.world.open;
    const changed = definitions();
    const plan = await (async () => {
      // The same state under changed code, as after an edit.
      Object.assign(first.world.open.context, {
        codeVersionOf: (asset: { key: string }) =>
          asset.key === "source" ? "2" : loaded.codeVersionOf(asset as never),
      });
      return first.materialize({ staleOnly: true });
    })();
    assert.ok(changed.source);
    assert.deepEqual(
      plan.plan.steps.map(({ key, certainty }) => `${key} ${certainty}`),
      ["source runs", "below may run"],
    );
    assert.equal(plan.outcome?.skipped, 1);
  });

  test("each month of a partitioned asset is a version of its own; the others stay as they are", async (t) => {
    const months = partitions.monthly({ start: "2020-01", end: "2020-03" });
    let price = 1;
    const items = asset("items", {
      columns: Item,
      partitions: months,
      run: (_, { partition }) => [{ id: partition.start.getUTCMonth() + 1, price }],
    });
    const total = asset("total", {
      columns: z.object({ total: z.number() }),
      sql: sql`select sum(price) as total from ${items}`,
    });
    const world = await openWorld(t, { items, total });
    await world.materialize({});
    const before = await world.pieces("items");
    assert.equal(before.length, 3);
    assert.deepEqual(await world.rows("total"), [{ total: 3 }]);

    price = 5;
    await world.materialize({ selection: "items+", partitions: { from: "2020-02", to: "2020-02" } });
    const after = await world.pieces("items");
    assert.equal(after[0]?.version.id, before[0]?.version.id);
    assert.notEqual(after[1]?.version.id, before[1]?.version.id);
    assert.deepEqual(await world.rows("total"), [{ total: 7 }]);
  });

  test("an asset that is told to do without missing partitions reads those that are there, and is stale once another comes (N5, N24)", async (t) => {
    const months = partitions.monthly({ start: "2020-01", end: "2020-03" });
    const items = asset("items", {
      columns: Item,
      partitions: months,
      run: (_, { partition }) => [{ id: partition.start.getUTCMonth() + 1, price: 1 }],
    });
    const names = asset("names", {
      value: z.string(),
      partitions: months,
      run: (_, { partition }) => partition.key,
    });
    const missing = "skip";
    const count = asset("count", {
      value: z.int(),
      deps: { items },
      missing,
      run: ({ items }) => items.count(),
    });
    const sum = asset("sum", {
      columns: z.object({ rows: z.int() }),
      missing,
      sql: sql`select count(*) as rows from ${items}`,
    });
    const list = asset("list", {
      value: z.string(),
      deps: { names },
      missing,
      run: async ({ names }) => {
        const found: string[] = [];
        for await (const [partition, value] of names.entries()) found.push(`${partition}=${value}`);
        return found.join(" ");
      },
    });
    const world = await openWorld(t, { items, names, count, sum, list });
    const readers = { selection: "count sum list", staleOnly: true };
    assert.equal((await world.materialize(readers)).outcome?.status, "success");
    assert.deepEqual(
      [await world.value("count"), await world.rows("sum"), await world.value("list")],
      [0, [{ rows: 0 }], ""],
    );

    const two = { from: "2020-01", to: "2020-02" };
    await world.materialize({ selection: "items names", partitions: two });
    assert.deepEqual((await world.explain(readers)).toSorted(), [
      "count  runs: it now reads items, without 2020-03 of items",
      "list  runs: it now reads names, without 2020-03 of names",
      "sum  runs: it now reads items, without 2020-03 of items",
    ]);
    await world.materialize(readers);
    assert.deepEqual(
      [await world.value("count"), await world.rows("sum"), await world.value("list")],
      [2, [{ rows: 2 }], "2020-01=2020-01 2020-02=2020-02"],
    );
    assert.equal((await world.materialize(readers)).outcome, undefined, "nothing has come since");
    const [piece] = await world.pieces("count");
    const [input] = piece?.version.inputs ?? [];
    assert.deepEqual([input?.asset, input?.ranges?.length], ["items", 1]);

    await world.materialize({ selection: "items names", partitions: { from: "2020-03", to: "2020-03" } });
    assert.deepEqual(await world.explain({ ...readers, selection: "count" }), ["count  runs: items changed"]);
    await world.materialize(readers);
    assert.deepEqual([await world.value("count"), await world.rows("sum")], [3, [{ rows: 3 }]]);
  });

  test("a partition that its own code skipped is done without likewise (N24)", async (t) => {
    const months = partitions.monthly({ start: "2020-01", end: "2020-02" });
    const names = asset("names", {
      value: z.string(),
      partitions: months,
      run: (_, { partition }) => (partition.key === "2020-01" ? skip("nothing yet") : partition.key),
    });
    const over = (key: string, missing: "block" | "skip") =>
      asset(key, {
        value: z.int(),
        deps: { names },
        missing,
        run: async ({ names }) => {
          let count = 0;
          for await (const _ of names.entries()) count += 1;
          return count;
        },
      });
    const world = await openWorld(t, {
      names,
      strict: over("strict", "block"),
      lenient: over("lenient", "skip"),
    });
    const { outcome } = await world.materialize({});
    assert.deepEqual([outcome?.status, outcome?.skipped], ["success", 2]);
    assert.equal(await world.value("lenient"), 1);
    assert.deepEqual(await world.pieces("strict"), []);
  });

  test("an unpartitioned asset over partitions that are not all there is blocked, and the missing ones are named (N24)", async (t) => {
    const months = partitions.monthly({ start: "2020-01", end: "2020-03" });
    const items = asset("items", { columns: Item, partitions: months, run: () => [{ id: 1, price: 1 }] });
    const total = asset("total", { value: z.int(), deps: { items }, run: ({ items }) => items.count() });
    const world = await openWorld(t, { items, total });
    await world.materialize({ selection: "items", partitions: { from: "2020-01", to: "2020-02" } });
    await assert.rejects(world.materialize({ selection: "total" }), (error: Error) => {
      assert.match(error.message, /total is blocked: items lacks 2020-03/);
      return true;
    });
  });
});
