import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  asset,
  assetCheck,
  check,
  endpoint,
  externalAsset,
  fileType,
  multiAsset,
  partitions,
  problem,
  source,
  sql,
} from "millrace";
import { callEndpoint, given, materialize } from "millrace/testing";
import * as z from "zod";

const Order = z.object({ id: z.int(), day: z.iso.date(), amount: z.number() });
const months = partitions.monthly({ start: "2020-01", end: "2030-12" });
const raw = externalAsset("raw", { columns: Order, source: source.csv("nowhere.csv") });
const orders = asset("orders", {
  columns: Order,
  partitions: months,
  sql: sql`select * from ${raw} where day >= ${months.start} and day < ${months.end}`,
  checks: [check.unique("id")],
});
const revenue = asset("revenue", {
  columns: z.object({ day: z.iso.date(), total: z.number() }),
  sql: sql`select day, sum(amount) as total from ${orders} group by day`,
});
const best = asset("best", {
  value: z.object({ day: z.iso.date() }).nullable(),
  deps: { revenue },
  run: async ({ revenue }, { metadata }) => {
    const rows = await revenue.rows();
    metadata({ days: rows.length });
    const [top] = rows.toSorted((a, b) => b.total - a.total);
    return top === undefined ? null : { day: top.day };
  },
});
const Words = fileType({ extension: "txt", load: async (file) => (await file.text()).split(" ") });
const words = asset("words", {
  file: Words,
  deps: { best },
  run: async ({ best }) => `best ${(await best.get())?.day}`,
});
const revenueOf = endpoint("GET /revenue/:day", {
  params: z.object({ day: z.iso.date() }),
  reads: { revenue, words },
  returns: z.object({ total: z.number(), words: z.array(z.string()) }),
  handler: async ({ revenue, words }, { params }) => {
    const row = (await revenue.rows()).find(({ day }) => day === params.day);
    if (row === undefined) throw problem(404, "No such day");
    return { total: row.total, words: await words.load() };
  },
});

const january = [
  { id: 1, day: "2020-01-05", amount: 2.5 },
  { id: 2, day: "2020-01-05", amount: 4 },
  { id: 3, day: "2020-01-06", amount: 1 },
];

describe("materialize in a test", () => {
  test("gives rows, values, files and metadata of what follows from the given assets", async () => {
    await using run = await materialize([words], {
      given: [given(orders, january, { partition: "2020-01" })],
    });
    assert.equal(run.status, "success", JSON.stringify(run.failures));
    const byDay = (await run.rows(revenue)).toSorted((a, b) => (a.day < b.day ? -1 : 1));
    assert.deepEqual(byDay, [
      { day: "2020-01-05", total: 6.5 },
      { day: "2020-01-06", total: 1 },
    ]);
    assert.deepEqual(await run.value(best), { day: "2020-01-05" });
    assert.deepEqual(await run.load(words), ["best", "2020-01-05"]);
    assert.equal((await run.metadata(best))["days"], 2);
  });

  test("leaves a partition between two given ones empty", async () => {
    await using run = await materialize([revenue], {
      given: [
        given(orders, january, { partition: "2020-01" }),
        given(orders, [{ id: 9, day: "2020-03-01", amount: 3 }], { partition: "2020-03" }),
      ],
    });
    assert.equal(run.status, "success", JSON.stringify(run.failures));
    assert.equal((await run.rows(revenue)).length, 3);
  });

  test("runs the asset's own SQL over a given external asset, for the partition asked for", async () => {
    const rows = [...january, { id: 4, day: "2020-02-01", amount: 9 }];
    await using run = await materialize([orders], { given: [given(raw, rows)], partition: "2020-01" });
    assert.equal(run.status, "success", JSON.stringify(run.failures));
    assert.deepEqual(await run.rows(orders), january);
  });

  test("reports a failed check, its words and that nothing was published", async () => {
    const twice = [...january, { id: 1, day: "2020-01-09", amount: 1 }];
    await using run = await materialize([orders], { given: [given(raw, twice)], partition: "2020-01" });
    assert.equal(run.status, "failure");
    assert.equal(run.failures[0]?.code, "CHECK_FAILED");
    assert.deepEqual(
      run.checks.map(({ check: name, passed }) => ({ name, passed })),
      [{ name: "unique id", passed: false }],
    );
    assert.ok(!run.events.some(({ type, asset: key }) => type === "published" && key === "orders"));
  });

  test("names the column of a given row that does not fit", async () => {
    const wrong = [{ id: 1, day: "2020-13-01", amount: 1 }];
    await using run = await materialize([revenue], {
      given: [given(orders, wrong, { partition: "2020-01" })],
    });
    assert.equal(run.status, "failure");
    assert.equal(run.failures[0]?.code, "RESULT_MISMATCH");
    assert.match(run.failures[0]?.reason ?? "", /day/);
  });
});

describe("a check of its own in a test", () => {
  const dated = assetCheck("dated", {
    asset: best,
    deps: { revenue },
    run: async ({ asset, revenue }) => (await asset.get()) !== null && (await revenue.count()) > 0,
  });

  test("runs when it is named, and decides", async () => {
    await using run = await materialize([best], { given: [given(revenue, [])], checks: [dated] });
    assert.equal(run.failures[0]?.code, "CHECK_FAILED");
    await using unchecked = await materialize([best], { given: [given(revenue, [])] });
    assert.equal(unchecked.status, "success");
  });

  test("can be tried on given content", async () => {
    const days = [{ day: "2020-01-05", total: 1 }];
    await using run = await materialize([], {
      given: [given(revenue, days), given(best, { day: "2020-01-05" })],
      checks: [dated],
    });
    assert.deepEqual(
      run.checks.map(({ check: name, passed }) => ({ name, passed })),
      [{ name: "dated", passed: true }],
    );
  });
});

describe("callEndpoint in a test", () => {
  const rows = [{ day: "2020-01-05", total: 6.5 }];

  test("answers through validation, handler and encoding, with the headers", async () => {
    const answer = await callEndpoint(revenueOf, {
      params: { day: "2020-01-05" },
      given: [given(revenue, rows), given(words, "a b")],
    });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.body, { total: 6.5, words: ["a", "b"] });
    assert.match(answer.headers.get("millrace-snapshot") ?? "", /^test@/);
  });

  test("gives problems as a client gets them", async () => {
    const unknown = await callEndpoint(revenueOf, {
      params: { day: "2020-01-06" },
      given: [given(revenue, rows), given(words, "a b")],
    });
    assert.equal(unknown.status, 404);
    const impossible = await callEndpoint(revenueOf, {
      params: { day: "2020-02-30" },
      given: [given(revenue, rows), given(words, "a b")],
    });
    assert.equal(impossible.status, 422);
    assert.match(impossible.text, /"path":"\/day"/);
  });

  test("makes what it reads and is not given", async () => {
    const answer = await callEndpoint(revenueOf, {
      params: { day: "2020-01-05" },
      given: [given(orders, january, { partition: "2020-01" })],
    });
    assert.deepEqual(answer.body, { total: 6.5, words: ["best", "2020-01-05"] });
  });
});

test("a multi-asset is made whole, or one of its outputs is given and the others are made", async () => {
  const N = z.object({ n: z.int() });
  const pair = multiAsset("pair", {
    outputs: { rows: { columns: N }, count: { value: z.int() } },
    run: (_) => ({ rows: [{ n: 1 }], count: 1 }),
  });
  const sum = asset("sum", {
    value: z.int(),
    deps: pair,
    run: async ({ rows, count }) => (await rows.count()) + (await count.get()),
  });
  await using whole = await materialize([sum]);
  assert.equal(await whole.value(sum), 2);
  await using half = await materialize([sum], { given: [given(pair.count, 40)] });
  assert.equal(await half.value(sum), 41);
  await using alone = await materialize([pair.rows]);
  assert.equal(await alone.value(pair.count), 1);
});
