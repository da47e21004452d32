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
  secret,
  source,
  sql,
} from "millrace";
import { callEndpoint, given, materialize } from "millrace/testing";
import * as z from "zod";

const Order = z.object({ id: z.int(), day: z.iso.date(), amount: z.number() });
const fails = (): never => {
  throw new Error("it is given");
};
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

  test("lacks a partition between two given ones for an asset that does without it, and fails for others (N24)", async () => {
    const names = asset("names", { value: z.string(), partitions: months, run: fails });
    const over = (missing: "block" | "skip") =>
      asset("over", {
        value: z.string(),
        deps: { names },
        missing,
        run: async ({ names }) => {
          const found: string[] = [];
          for await (const [month, name] of names.entries()) found.push(`${month} ${name}`);
          return found.join(", ");
        },
      });
    const content = [
      given(names, "a", { partition: "2020-01" }),
      given(names, "c", { partition: "2020-03" }),
    ];
    const lenient = over("skip");
    await using run = await materialize([lenient], { given: content });
    assert.equal(run.status, "success");
    assert.equal(await run.value(lenient), "2020-01 a, 2020-03 c");
    await using strict = await materialize([over("block")], { given: content });
    assert.match(strict.failures[0]?.reason ?? "", /nothing is given for its partition 2020-02/);
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

describe("an appending asset in the test kit", () => {
  const Entry = z.object({ id: z.int(), seen: z.int() });
  const log = asset("log", {
    columns: Entry,
    write: "append",
    deps: { raw },
    checks: [check.unique("id")],
    run: async ({ raw }, { previous }) => {
      const [newest] = await previous
        .query(sql`select max(id) as id from ${previous}`, z.object({ id: z.int().nullable() }))
        .rows();
      const seen = await previous.count();
      return (await raw.rows()).filter(({ id }) => id > (newest?.id ?? 0)).map(({ id }) => ({ id, seen }));
    },
  });
  const monthly = asset("monthly", {
    columns: z.object({ n: z.int() }),
    write: "append",
    partitions: months,
    run: async (_, { previous }) => [{ n: await previous.count() }],
  });

  test("has no rows so far, unless some are given", async () => {
    await using first = await materialize([log], { given: [given(raw, january)] });
    assert.deepEqual(
      (await first.rows(log)).map(({ seen }) => seen),
      january.map(() => 0),
    );
    const newest = Math.max(...january.map(({ id }) => id));
    const more = [...january, { id: newest + 1, day: "2020-02-01", amount: 1 }];
    await using next = await materialize([log], {
      given: [given(raw, more)],
      previous: [given(log, [{ id: newest, seen: 7 }])],
    });
    assert.deepEqual(await next.rows(log), [
      { id: newest, seen: 7 },
      { id: newest + 1, seen: 1 },
    ]);
    assert.deepEqual(
      next.checks.map(({ passed }) => passed),
      [true],
    );
  });

  test("has them in the partition for which they are given", async () => {
    await using run = await materialize([monthly], {
      previous: [given(monthly, [{ n: 5 }, { n: 6 }], { partition: "2020-02" })],
      partition: "2020-02",
    });
    assert.deepEqual(await run.rows(monthly), [{ n: 5 }, { n: 6 }, { n: 2 }]);
  });

  test("is told apart from others, and its rows have to fit", async () => {
    const wrong = materialize([revenue], {
      given: [given(orders, january, { partition: "2020-01" })],
      previous: [given(revenue, [])],
    });
    await assert.rejects(wrong, {
      code: "INVALID_OPTION",
      message: /revenue.*does not have write: "append"/,
    });
    const other = materialize([revenue], {
      given: [given(orders, january, { partition: "2020-01" })],
      previous: [given(log, [])],
    });
    await assert.rejects(other, { code: "INVALID_OPTION", message: /log.*is not made in this test/ });
    const misfit = materialize([log], {
      given: [given(raw, january)],
      previous: [given(log, [{ id: 1 } as never])],
    });
    await assert.rejects(misfit, { code: "RESULT_MISMATCH", message: /the column seen/ });
  });
});

const signedPages = asset("signed_pages", {
  value: z.array(z.string()),
  config: z.object({ count: z.int().default(2), token: secret() }),
  run: (_, { config, log }) => {
    log.info(`signed with ${config.token}`);
    return Array.from({ length: config.count }, (__, page) => `page ${page}`);
  },
});
const firstPage = asset("first_page", {
  value: z.string(),
  deps: { signedPages },
  run: async ({ signedPages }) => (await signedPages.get())[0] ?? "none",
});

describe("what a test gives as config", () => {
  test("is parsed as for any run, and its secrets are told nowhere", async () => {
    const config = { assets: { signed_pages: { token: "a-secret-of-the-test" } } };
    await using run = await materialize([signedPages], { config });
    assert.deepEqual(await run.value(signedPages), ["page 0", "page 1"]);
    assert.ok(JSON.stringify(run.events).includes("signed with ***"));
    const wrong = materialize([signedPages], { config: { assets: { signed_pages: { cuont: 1 } } } });
    await assert.rejects(wrong, {
      code: "CONFIG_INVALID",
      message: /signed_pages\.cuont.*did you mean count\?[^]*signed_pages\.token: it is required/,
    });
  });

  test("is not needed for what is given itself", async () => {
    await using run = await materialize([firstPage], { given: [given(signedPages, ["mine"])] });
    assert.equal(await run.value(firstPage), "mine");
  });
});

test("hooks are called for what a test makes, not for what it is given", async () => {
  const calls: string[] = [];
  const hooks = { onSuccess: ({ step }: { readonly step: string }) => void calls.push(step) };
  const read = asset("read", { value: z.int(), hooks, run: fails });
  const made = asset("made", {
    value: z.int(),
    deps: { read },
    hooks,
    run: async (deps) => (await deps.read.get()) + 1,
  });
  await using run = await materialize([made], { given: [given(read, 5)] });
  assert.equal(await run.value(made), 6);
  assert.deepEqual(calls, ["made"]);
});
