import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "pg";
import { testDatabase } from "../postgres-server.ts";

test("each call of testDatabase gives an empty database of its own on a real server", async (t) => {
  const first = new Client({ connectionString: await testDatabase(t) });
  const second = new Client({ connectionString: await testDatabase(t) });
  t.after(async () => Promise.all([first.end(), second.end()]));
  await Promise.all([first.connect(), second.connect()]);

  await first.query("create table mine (id int)");
  const { rows: settings } = await first.query("show fsync");
  const { rows: tables } = await second.query("select * from pg_tables where schemaname = 'public'");
  assert.deepEqual(settings, [{ fsync: "on" }]);
  assert.deepEqual(tables, []);
});
