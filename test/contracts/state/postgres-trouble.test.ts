import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { openPostgresState } from "../../../src/storage/postgres/open.ts";
import { testDatabase } from "../../postgres-server.ts";
import { wayTo } from "../../postgres/way-to.ts";
import { refused } from "./refusal.ts";
import { days, TestProject } from "./test-project.ts";

test("a server that is not there, a wrong password and an unknown database are unavailable", async (t) => {
  const url = new URL(await testDatabase(t));
  const elsewhere = new URL(url);
  elsewhere.port = "1";
  elsewhere.password = "secret";
  const error = await refused("STATE_UNAVAILABLE", openPostgresState({ url: elsewhere.href }));
  assert.doesNotMatch(error.message, /secret/);
  const unknown = new URL(url);
  unknown.pathname = "no_such_database";
  await refused("STATE_UNAVAILABLE", openPostgresState({ url: unknown.href }));
  await refused(
    "STATE_UNAVAILABLE",
    openPostgresState({ url: "postgres://nobody.invalid:5432/x", timeoutMs: 3000 }),
  );
});

test("connections that the server closes are replaced; the process goes on", async (t) => {
  const url = await testDatabase(t);
  const project = await TestProject.open(await openPostgresState({ url }));
  t.after(() => project.state.close());
  const run = await project.run([project.step("orders")]);
  const admin = new Client({ connectionString: url });
  await admin.connect();
  t.after(() => admin.end());
  const closeAll = () =>
    admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace' and datname = current_database()",
    );
  await closeAll();
  await sleep(100);
  await run.start(project.step("orders"));

  // In the middle of a transaction: what was under way is undone, and said to be.
  await admin.query("begin");
  await admin.query("select id from environment for update");
  const publishing = run.publish({ versionIds: [] });
  const failure = assert.rejects(publishing, { code: "STATE_UNAVAILABLE" });
  await sleep(200);
  await closeAll();
  await failure;
  await admin.query("rollback");
  assert.equal((await run.publish({ versionIds: [] })).snapshot, 0);
});

test("connections from which no answer comes are given up, and others made (N29)", async (t) => {
  const way = await wayTo(t, await testDatabase(t));
  const state = await openPostgresState({ url: way.url, timeoutMs: 500, answerMs: 500 });
  t.after(() => state.close());
  const scope = await state.projects.open("shop", "production");
  way.cut("silent");
  await Promise.all(Array.from({ length: 8 }, () => refused("STATE_UNAVAILABLE", state.catalog.head(scope))));
  await refused("STATE_UNAVAILABLE", state.projects.open("shop", "other"));
  way.mend();
  assert.equal((await state.catalog.head(scope)).number, 0);
  assert.equal((await state.projects.open("shop", "other")).environment, "other");
});

test("a lock that is not given in time is reported", async (t) => {
  const url = await testDatabase(t);
  const project = await TestProject.open(await openPostgresState({ url, timeoutMs: 200 }));
  t.after(() => project.state.close());
  const run = await project.run([project.step("orders")]);
  const other = new Client({ connectionString: url });
  await other.connect();
  t.after(() => other.end());
  await other.query("begin");
  await other.query("select id from run for update");
  await refused("STATE_UNAVAILABLE", run.start(project.step("orders")));
  await other.query("rollback");
  await run.start(project.step("orders"));
});

test("positions are given in order of commit: a later transaction waits for an earlier one (N34)", async (t) => {
  const url = await testDatabase(t);
  const project = await TestProject.open(await openPostgresState({ url }));
  t.after(() => project.state.close());
  const { scope, state } = project;
  const step = project.step("orders");
  const run = await project.run([step]);
  const before = (await state.events.read(scope, {})).length;
  const slow = new Client({ connectionString: url });
  await slow.connect();
  t.after(() => slow.end());

  // A transaction that has its position and has not committed yet.
  await slow.query("begin");
  const { rows } = await slow.query<{ position: string }>(
    "update project set event_position = event_position + 1 where id = $1 returning event_position as position",
    [scope.projectId],
  );
  const taken = Number(rows[0]?.position);
  let applied = false;
  const applying = run.apply({ change: "step.started", step: step.key }).finally(() => {
    applied = true;
  });
  await sleep(150);
  assert.equal(applied, false);
  assert.equal((await state.events.read(scope, {})).length, before);
  await slow.query(
    "insert into event (environment_id, position, at, type, run_id, data) values ($1, $2, 0, 'log', $3, '{}')",
    [scope.environmentId, taken, run.id],
  );
  await slow.query("commit");
  await applying;
  const events = await state.events.read(scope, { after: taken - 1 });
  assert.deepEqual(
    events.map(({ type, position }) => [type, position]),
    [
      ["log", taken],
      ["step.started", taken + 1],
    ],
  );
});

test("a version that is compacted while another is staged with its file does not keep that file (N1, N2)", async (t) => {
  const url = await testDatabase(t);
  const project = await TestProject.open(await openPostgresState({ url }));
  t.after(() => project.state.close());
  const step = project.step("days", days(1));
  const file = "days/one/0.parquet";
  const location = { store: "here", files: [file] };
  await project.materialize([step, { id: "one", location, bytes: 10 }]);
  const run = await project.run([step]);
  await run.start(step);
  const slow = new Client({ connectionString: url });
  await slow.connect();
  t.after(() => slow.end());

  // A compaction that has rewritten the location and has not committed yet.
  await slow.query("begin");
  await slow.query("select id from project where id = $1 for no key update", [project.scope.projectId]);
  const rows = { file: "days/pack/0.parquet", from: 0, to: 1, bytes: 10, pack: { rows: 2, bytes: 20 } };
  const packed = JSON.stringify({ store: "here", files: [rows] });
  await slow.query("update version set location = $1 where id = 'one'", [packed]);
  const making = run.make(step, { id: "two", location, bytes: 10 });
  await sleep(150);
  await slow.query("commit");
  await making;
  const { rows: shared } = await slow.query("select file, version_id from shared_file");
  assert.deepEqual(shared, [{ file, version_id: "two" }]);
});
