import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openSqliteState } from "../../../src/storage/sqlite/open.ts";
import { refused } from "./refusal.ts";

async function temporaryFile(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "millrace-state-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return join(directory, "state.db");
}

test("state in memory works as long as it is open", async () => {
  const state = await openSqliteState({ path: ":memory:" });
  const scope = await state.projects.open("shop", "production");
  assert.deepEqual(await state.projects.open("shop", "production"), scope);
  await state.close();
});

test("a database that another process keeps locked is unavailable, and is back when the lock is", async (t) => {
  const path = await temporaryFile(t);
  const state = await openSqliteState({ path, lockTimeoutMs: 100 });
  t.after(() => state.close());
  const other = new DatabaseSync(path);
  t.after(() => other.close());
  other.exec("begin immediate");
  const error = await refused("STATE_UNAVAILABLE", state.projects.open("shop", "production"));
  assert.ok(error.retryable);
  other.exec("rollback");
  await state.projects.open("shop", "production");
});

test("waiting for a lock leaves the event loop free, and reading goes on meanwhile (N36)", async (t) => {
  const path = await temporaryFile(t);
  const state = await openSqliteState({ path });
  t.after(() => state.close());
  const scope = await state.projects.open("shop", "production");
  const other = new DatabaseSync(path);
  t.after(() => other.close());
  other.exec("begin immediate");
  const writing = state.projects.open("shop", "branch");
  let turns = 0;
  for (const until = performance.now() + 300; performance.now() < until; turns += 1) {
    assert.equal((await state.catalog.head(scope)).number, 0);
    await sleep(1);
  }
  assert.ok(turns >= 5, `${turns} turns in 300 ms`);
  other.exec("rollback");
  assert.equal((await writing).environment, "branch");
});

test("a file that is no database, or cannot be made, is unavailable", async (t) => {
  const path = await temporaryFile(t);
  await writeFile(path, "this is a text and by no means a database, however long it goes on".repeat(100));
  await refused("STATE_UNAVAILABLE", openSqliteState({ path }));
  await refused("STATE_UNAVAILABLE", openSqliteState({ path: join(path, "below", "a file") }));
});

test("commits are flushed to the disk, in a journal that lets readers go on", async (t) => {
  const path = await temporaryFile(t);
  const state = await openSqliteState({ path });
  t.after(() => state.close());
  const connection = new DatabaseSync(path);
  t.after(() => connection.close());
  assert.deepEqual({ ...connection.prepare("pragma journal_mode").get() }, { journal_mode: "wal" });
});
