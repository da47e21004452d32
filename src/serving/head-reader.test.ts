import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "../core/errors.ts";
import type { CatalogHead } from "../ports/state/catalog-store.ts";
import { HeadReader } from "./head-reader.ts";

const scope = { projectId: 1, environmentId: 1, environment: "test" };
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A database whose answers come when the test says so. */
function slowDatabase() {
  let number = 0;
  const sent: { at: number; answer: PromiseWithResolvers<CatalogHead> }[] = [];
  return {
    publish: () => (number += 1),
    sent,
    catalog: {
      head(): Promise<CatalogHead> {
        const answer = Promise.withResolvers<CatalogHead>();
        sent.push({ at: number, answer });
        return answer.promise;
      },
    },
    answer(index: number): void {
      const asked = sent[index];
      assert.ok(asked);
      asked.answer.resolve({ epoch: "e", number: asked.at, publishedAt: 0, recheck: 0, arrangement: 0 });
    },
  };
}

test("one read serves all that arrived before it was sent, and nobody who came later (N29)", async () => {
  const database = slowDatabase();
  const heads = new HeadReader(database.catalog, scope, { staleMs: 0, patienceMs: 10_000, now: () => 0 });
  const first = [heads.read(), heads.read(), heads.read()];
  await turn();
  assert.equal(database.sent.length, 1);
  // Published while the first read is under way: whoever asks now must see it.
  database.publish();
  const later = [heads.read(), heads.read()];
  await turn();
  assert.equal(database.sent.length, 1);
  database.answer(0);
  assert.deepEqual(
    (await Promise.all(first)).map(({ head }) => head.number),
    [0, 0, 0],
  );
  await turn();
  assert.equal(database.sent.length, 2);
  database.answer(1);
  assert.deepEqual(
    (await Promise.all(later)).map(({ head }) => head.number),
    [1, 1],
  );
});

test("a state that does not answer is bridged for a while, said so, and then an error (N18, N29)", async () => {
  let now = 0;
  let fails = false;
  const catalog = {
    head: async (): Promise<CatalogHead> => {
      if (fails) throw new Error("no route to host");
      return { epoch: "e", number: 7, publishedAt: 0, recheck: 0, arrangement: 0 };
    },
  };
  const heads = new HeadReader(catalog, scope, { staleMs: 1000, patienceMs: 10_000, now: () => now });
  assert.equal((await heads.read()).unconfirmed, false);
  fails = true;
  now = 1000;
  assert.deepEqual(await heads.read(), {
    head: { epoch: "e", number: 7, publishedAt: 0, recheck: 0, arrangement: 0 },
    unconfirmed: true,
  });
  now = 1001;
  await assert.rejects(
    heads.read(),
    (error) => error instanceof MillraceError && error.code === "STATE_UNAVAILABLE",
  );
  fails = false;
  assert.equal((await heads.read()).unconfirmed, false);
});

test("a state that keeps a read waiting counts as one that does not answer, and a late answer is not news (N18, N29)", async () => {
  let now = 0;
  const database = slowDatabase();
  const heads = new HeadReader(database.catalog, scope, { staleMs: 1000, patienceMs: 20, now: () => now });
  const first = heads.read();
  await turn();
  database.answer(0);
  assert.equal((await first).unconfirmed, false);
  const kept = await heads.read();
  assert.deepEqual([kept.head.number, kept.unconfirmed], [0, true]);
  // What was asked for before a publish comes after it.
  database.publish();
  database.answer(1);
  const later = heads.read();
  await turn();
  await turn();
  database.answer(2);
  assert.deepEqual(await later, {
    head: { epoch: "e", number: 1, publishedAt: 0, recheck: 0, arrangement: 0 },
    unconfirmed: false,
  });
  now = 1001;
  await assert.rejects(heads.read(), { code: "STATE_UNAVAILABLE" });
});

test("an answer is as old as its question (N18)", async () => {
  let now = 0;
  const database = slowDatabase();
  const heads = new HeadReader(database.catalog, scope, { staleMs: 1000, patienceMs: 20, now: () => now });
  const first = heads.read();
  await turn();
  now = 900;
  database.answer(0);
  await first;
  now = 1001;
  await assert.rejects(heads.read(), { code: "STATE_UNAVAILABLE" });
});
