/**
 * As many bare transactions as there are steps of ops, each durable by itself: `bare-ops.ts <steps> <folder>`. Each writes
 * what the step of an op leaves behind: its row with its value, two events.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { giveResult } from "../measure/give-result.ts";

const [steps = "", folder = ""] = process.argv.slice(2);
const database = new DatabaseSync(join(folder, "bare.db"));
database.exec(`
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table step (run text, key text, status text, value text, started integer, ended integer, primary key (run, key)) without rowid;
  create table event (position integer primary key, at integer, type text, run text, step text, data text);
`);
const begin = database.prepare("begin immediate");
const commit = database.prepare("commit");
const step = database.prepare("insert into step values (?, ?, 'success', ?, ?, ?)");
const event = database.prepare("insert into event (at, type, run, step, data) values (?, ?, ?, ?, ?)");

const run = randomUUID();
const started = performance.now();
for (let index = 0; index < Number(steps); index += 1) {
  const key = `next[${index}]`;
  const now = Date.now();
  begin.run();
  step.run(run, key, String(index), now, now);
  event.run(now, "step.started", run, key, JSON.stringify({ attempt: 1 }));
  event.run(now, "step.succeeded", run, key, JSON.stringify({ attempt: 1, milliseconds: 0 }));
  commit.run();
}
const milliseconds = performance.now() - started;
database.close();
giveResult({ milliseconds });
