import assert from "node:assert/strict";
import { test } from "node:test";
import { asset, assetCheck, endpoint, env, resource } from "millrace";
import { callEndpoint, instead, materialize } from "millrace/testing";
import * as z from "zod";

const notes: string[] = [];
const warehouse = resource("warehouse", {
  config: z.object({ url: z.string() }),
  create: (_, { config, defer }) => {
    notes.push(`+${config.url}`);
    defer(() => void notes.push("-"));
    return { count: async (): Promise<number> => config.url.length };
  },
  check: () => void notes.push("?"),
});
const books = resource("books", {
  resources: { db: warehouse },
  create: ({ db }) => ({ twice: async (): Promise<number> => 2 * (await db.count()) }),
});
const booked = asset("booked", { value: z.int(), resources: { books }, run: (given) => given.books.twice() });
const even = assetCheck("even", {
  asset: booked,
  resources: { db: warehouse },
  run: async (given) => (await given.asset.get()) === 2 * (await given.db.count()),
});
const now = endpoint("GET /now", {
  reads: { booked },
  resources: { books },
  returns: z.object({ n: z.int() }),
  handler: async (given) => ({ n: (await given.books.twice()) + (await given.booked.get()) }),
});

test("an instance stands in for a resource, also below others and in checks, and needs no config", async () => {
  const resources = [instead(warehouse, { count: async () => 21 })];
  await using run = await materialize([booked], { checks: [even], resources });
  assert.equal(run.status, "success", JSON.stringify(run.failures));
  assert.equal(await run.value(booked), 42);
  assert.deepEqual(
    run.checks.map(({ check, passed }) => [check, passed]),
    [["even", true]],
  );
  const answer = await callEndpoint(now, { resources: [instead(books, { twice: async () => 4 })] });
  assert.deepEqual([answer.status, answer.body], [200, { n: 8 }]);
  assert.deepEqual(notes, []);
});

test("a resource that is given its config is opened, asked for its health and closed", async () => {
  process.env["TEST_WAREHOUSE"] = "12345";
  const run = await materialize([booked], { resources: [warehouse.with({ url: env("TEST_WAREHOUSE") })] });
  assert.equal(await run.value(booked), 10);
  assert.deepEqual(notes, ["+12345", "?"]);
  await run.close();
  assert.deepEqual(notes.splice(0), ["+12345", "?", "-"]);
  const answer = await callEndpoint(now, { resources: [warehouse.with({ url: "123" })] });
  assert.deepEqual(answer.body, { n: 12 });
  // One instance, asked by the run that made what the endpoint reads, and again by the server.
  assert.deepEqual(notes.splice(0), ["+123", "?", "?", "-"]);
  delete process.env["TEST_WAREHOUSE"];
});

test("what a resource lacks, and what is neither an instance nor a config, is refused in words", async () => {
  await assert.rejects(materialize([booked]), /resources\.warehouse\.url: it is required/);
  const wrong = [warehouse] as unknown as [];
  await assert.rejects(
    materialize([booked], { resources: wrong }),
    /made neither by instead nor by the with/,
  );
});
