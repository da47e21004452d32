import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asset, check, fileType, partitions, sql } from "millrace";
import * as z from "zod";
import { openWorld } from "./world.ts";

/** Over the 29th of February, and the end of a month. */
const days = partitions.daily({ start: "2024-02-28", end: "2024-03-01" });
const shops = partitions.static(["north", "o'hare, (east)"]);

describe("partitions", () => {
  test("a daily asset in SQL takes midnight to midnight of its own day, the last one included", async (t) => {
    const Sale = z.object({ sold: z.iso.datetime({ local: true }), amount: z.int() });
    const times = [
      "2024-02-27T23:59:59",
      "2024-02-28T00:00:00",
      "2024-02-29T12:00:00",
      "2024-03-01T23:59:59",
    ];
    const all = asset("all", {
      columns: Sale,
      run: () => [...times, "2024-03-02T00:00:00"].map((sold, index) => ({ sold, amount: index })),
    });
    const daily = asset("daily", {
      columns: Sale.extend({ day: z.string() }),
      partitions: days,
      sql: sql`select *, ${days.key} as day from ${all} where sold >= ${days.start} and sold < ${days.end}`,
    });
    const world = await openWorld(t, { all, daily });
    const { plan, outcome } = await world.materialize({});
    assert.equal(outcome?.status, "success", JSON.stringify(outcome?.failed));
    assert.deepEqual(
      plan.steps.map(({ key }) => key),
      ["all", "daily[2024-02-28]", "daily[2024-02-29]", "daily[2024-03-01]"],
    );
    assert.deepEqual(await world.rows("daily"), [
      { sold: "2024-02-28T00:00:00", amount: 1, day: "2024-02-28" },
      { sold: "2024-02-29T12:00:00", amount: 2, day: "2024-02-29" },
      { sold: "2024-03-01T23:59:59", amount: 3, day: "2024-03-01" },
    ]);
  });

  test("a static asset is made key by key, whatever signs a key has", async (t) => {
    const stock = asset("stock", {
      columns: z.object({ shop: z.string(), n: z.int() }),
      partitions: shops,
      sql: sql`select ${shops.key} as shop, 1 as n`,
      checks: [check.accepted("shop", ["north", "o'hare, (east)"])],
    });
    const world = await openWorld(t, { stock });
    assert.equal((await world.materialize({})).outcome?.status, "success");
    assert.deepEqual(await world.rows("stock"), [
      { shop: "north", n: 1 },
      { shop: "o'hare, (east)", n: 1 },
    ]);
    const one = { from: "o'hare, (east)", to: "o'hare, (east)" };
    const { plan } = await world.materialize({ partitions: one });
    assert.deepEqual(
      plan.steps.map(({ key }) => key),
      ["stock[o'hare, (east)]"],
    );
  });

  test("an asset over one that is partitioned alike reads the same partition, and no other (N24)", async (t) => {
    const stock = asset("stock", {
      columns: z.object({ shop: z.string() }),
      partitions: shops,
      sql: sql`select ${shops.key} as shop`,
    });
    const text = asset("text", {
      file: "text/plain",
      partitions: shops,
      run: (_, { partition }) => partition.key,
    });
    const inSql = asset("in_sql", {
      columns: z.object({ shop: z.string() }),
      partitions: shops,
      sql: sql`select * from ${stock}`,
    });
    const inCode = asset("in_code", {
      value: z.object({ own: z.string(), read: z.array(z.string()), file: z.string() }),
      partitions: shops,
      deps: { stock, text },
      run: async ({ stock, text }, { partition }) => ({
        own: partition.key,
        read: (await stock.rows()).map(({ shop }) => shop),
        file: Buffer.from(await text.bytes()).toString(),
      }),
    });
    const every = asset("every", {
      value: z.array(z.unknown()),
      deps: { inCode },
      run: async ({ inCode }) => {
        const entries: unknown[] = [];
        for await (const entry of inCode.entries()) entries.push(entry);
        return entries;
      },
    });
    const world = await openWorld(t, { stock, text, inSql, inCode, every });
    const { outcome } = await world.materialize({});
    assert.equal(outcome?.status, "success", JSON.stringify(outcome?.failed));
    assert.deepEqual(await world.rows("in_sql"), [{ shop: "north" }, { shop: "o'hare, (east)" }]);
    assert.deepEqual(
      (await world.pieces("in_sql")).map(({ version }) => version.rowCount),
      [1, 1],
    );
    const [north, east] = ["north", "o'hare, (east)"].map((own) => [own, { own, read: [own], file: own }]);
    assert.deepEqual(
      await world.value("every"),
      [north, east],
      "an unpartitioned asset reads all, key by key",
    );
  });

  test("files of all partitions are loaded one by one, each under its key", async (t) => {
    const words = asset("words", {
      file: fileType({ extension: "txt", load: async (file) => (await file.text()).split(" ") }),
      partitions: days,
      run: (_, { partition }) => `on ${partition.key}`,
    });
    const all = asset("all", {
      value: z.record(z.string(), z.array(z.string())),
      deps: { words },
      run: async ({ words }) => {
        const loaded: Record<string, string[]> = {};
        for await (const [key, file] of words.entries()) loaded[key] = await file.load();
        return loaded;
      },
    });
    const world = await openWorld(t, { words, all });
    assert.equal((await world.materialize({})).outcome?.status, "success");
    assert.deepEqual(await world.value("all"), {
      "2024-02-28": ["on", "2024-02-28"],
      "2024-02-29": ["on", "2024-02-29"],
      "2024-03-01": ["on", "2024-03-01"],
    });
  });
});

describe("a dependency's handle", () => {
  test("reads nothing until it is asked: what a step leaves alone may be out of order", async (t) => {
    const broken = asset("broken", {
      file: fileType({ load: () => Promise.reject(new Error("unreadable")) }),
      run: () => "x",
    });
    const careless = asset("careless", { value: z.int(), deps: { broken }, run: () => 1 });
    const curious = asset("curious", {
      value: z.int(),
      deps: { broken },
      run: async ({ broken }) => broken.load(),
    });
    const world = await openWorld(t, { broken, careless, curious });
    const { outcome } = await world.materialize({});
    assert.deepEqual(
      outcome?.failed.map(({ step, reason }) => [step, reason.includes("unreadable")]),
      [["curious", true]],
    );
    assert.equal(await world.value("careless"), 1);
  });
});
