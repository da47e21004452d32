import assert from "node:assert/strict";
import { appendFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { asset, assetCheck, check, partitions, sql } from "millrace";
import * as z from "zod";
import { fileOf } from "../../../src/core/catalog/stored-rows.ts";
import type { VersionRecord } from "../../../src/core/catalog/version.ts";
import { collectGarbage } from "../../../src/control/retention/collect-garbage.ts";
import { release } from "../../../src/control/snapshots/release.ts";
import { rollBack } from "../../../src/control/snapshots/roll-back.ts";
import { verify } from "../../../src/control/versions/verify.ts";
import { openDirectoryStore } from "../../../src/tables/directory-store.ts";
import { openTableEngine } from "../../../src/tables/duckdb/open-table-engine.ts";
import { openWorld, type World } from "./world.ts";

const Event = z.object({ id: z.int(), name: z.string() });
type Row = z.infer<typeof Event>;
const Last = z.object({ last: z.int().nullable() });

const deferred = () => Promise.withResolvers<void>();
const rowsUpTo = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, name: `event ${index + 1}` }));

/** A source that grows, and an asset that adds what it has not got yet. */
function growing() {
  const at = { count: 2, runs: 0, pause: async () => {} };
  const events = asset("events", { columns: Event, run: () => rowsUpTo(at.count) });
  const log = asset("log", {
    columns: Event,
    write: "append",
    deps: { events },
    checks: [check.unique("id")],
    run: async ({ events }, { previous }) => {
      at.runs += 1;
      await at.pause();
      return sql`select * from ${events} where id > (select coalesce(max(id), 0) from ${previous}) order by id`;
    },
  });
  return { at, events, log };
}

async function current(world: World, key = "log"): Promise<VersionRecord> {
  const version = (await world.pieces(key))[0]?.version;
  assert.ok(version !== undefined);
  return version;
}

/** What is wrong with the files of the log. */
async function damagedIn({ world }: World): Promise<readonly string[]> {
  const { context, data } = world.open;
  const tables = await openTableEngine({ mode: "batch" });
  try {
    const store = openDirectoryStore({ root: data });
    const { damaged } = await verify({ selection: "log" }, context, { tables, store });
    return damaged.map(({ reason }) => reason);
  } finally {
    await tables.close();
  }
}

async function collect({ world }: World): Promise<void> {
  const { context } = world.open;
  // What was given up goes with the next collection.
  const project = { ...context.project, retentionMs: 0, graceMs: 0 };
  for (let round = 0; round < 2; round += 1) await collectGarbage({ ...context, project });
}

/** The same project after an edit. */
function changed(t: TestContext, before: World, definitions: object): Promise<World> {
  return openWorld(t, definitions, process.cwd(), before);
}

function filesOf({ location }: VersionRecord): readonly string[] {
  return location !== undefined && "files" in location ? location.files.map(fileOf) : [];
}

describe("an appending asset", () => {
  test("N1: adds rows: the files it had and a new one, read as one table", async (t) => {
    const { at, ...assets } = growing();
    const world = await openWorld(t, assets);
    await world.materialize({});
    const first = await current(world);
    at.count = 5;
    assert.deepEqual(await world.explain({ selection: "log" }), ["log  runs: asked for; adds rows"]);
    assert.deepEqual(await world.explain({ selection: "log", fullRefresh: true }), [
      "log  runs: asked for; makes all rows anew",
    ]);
    await world.materialize({});
    const second = await current(world);
    assert.deepEqual(await world.rows("log"), rowsUpTo(5));
    assert.deepEqual(filesOf(second).slice(0, 1), filesOf(first));
    assert.equal(filesOf(second).length, 2);
    assert.deepEqual(second.base, { version: first.id, rowCount: 2 });
    assert.deepEqual(first.base, {});
    assert.ok((second.bytes ?? 0) > (first.bytes ?? 0));
  });

  test("N3: its rows and data version are those of all rows, though only the new ones were counted", async (t) => {
    const { at, ...assets } = growing();
    const world = await openWorld(t, { ...assets });
    for (const count of [0, 1, 4, 4, 9]) {
      at.count = count;
      await world.materialize({});
    }
    const [events, log] = [await current(world, "events"), await current(world)];
    assert.equal(log.rowCount, 9);
    assert.equal(log.dataVersion, events.dataVersion);
  });

  test("N4: that adds nothing keeps what it has", async (t) => {
    const { at, ...assets } = growing();
    const world = await openWorld(t, assets);
    await world.materialize({});
    const before = await current(world);
    await world.materialize({ selection: "log" });
    const after = await current(world);
    assert.notEqual(after.id, before.id);
    assert.equal(at.runs, 2);
    assert.deepEqual([after.location, after.dataVersion], [before.location, before.dataVersion]);
    at.count = 3;
    await world.materialize({});
    assert.equal(filesOf(await current(world)).length, 2);
    assert.deepEqual(await world.rows("log"), rowsUpTo(3));
  });

  test("reads in TypeScript what it has so far, of which there is nothing at first", async (t) => {
    const seen: unknown[] = [];
    const log = asset("log", {
      columns: Event,
      write: "append",
      async *run(_, { previous }) {
        const [newest] = await previous.query(sql`select max(id) as last from ${previous}`, Last).rows();
        seen.push([newest?.last, await previous.count(), await previous.rows({ limit: 1 })]);
        const next = (newest?.last ?? 0) + 1;
        yield { id: next, name: `event ${next}` };
      },
    });
    const world = await openWorld(t, { log });
    await world.materialize({});
    await world.materialize({});
    await world.materialize({});
    const [one] = rowsUpTo(1);
    assert.deepEqual(seen, [
      [null, 0, []],
      [1, 1, [one]],
      [2, 2, [one]],
    ]);
    assert.deepEqual(await world.rows("log"), rowsUpTo(3));
  });

  test("of SQL reads it as sql.previous", async (t) => {
    const at = { count: 2 };
    const events = asset("events", { columns: Event, run: () => rowsUpTo(at.count) });
    const log = asset("log", {
      columns: Event,
      write: "append",
      sql: sql`select * from ${events} where id > (select coalesce(max(id), 0) from ${sql.previous})`,
    });
    const world = await openWorld(t, { events, log });
    await world.materialize({});
    at.count = 4;
    await world.materialize({});
    assert.deepEqual(await world.rows("log"), rowsUpTo(4));
  });

  test("of partitions adds to each of them by itself", async (t) => {
    const at = { count: 1 };
    const log = asset("log", {
      columns: z.object({ place: z.string(), n: z.int() }),
      write: "append",
      partitions: partitions.static(["here", "there"]),
      run: async (_, { previous, partition }) => [
        { place: partition.key, n: at.count * 10 + (await previous.count()) },
      ],
    });
    const world = await openWorld(t, { log });
    await world.materialize({});
    at.count = 2;
    await world.materialize({ partitions: { from: "there", to: "there" } });
    assert.deepEqual(await world.rows("log"), [
      { place: "here", n: 10 },
      { place: "there", n: 10 },
      { place: "there", n: 21 },
    ]);
  });

  test("N19: checks see all rows, and what they reject is not part of it", async (t) => {
    const at = { ids: [1, 2] };
    const log = asset("log", {
      columns: Event,
      write: "append",
      checks: [check.unique("id"), check.rowCount({ max: 4 })],
      run: () => at.ids.map((id) => ({ id, name: "it" })),
    });
    const counted: number[] = [];
    const counts = assetCheck("counts", {
      asset: log,
      run: async ({ asset }) => {
        counted.push(await asset.count());
        return true;
      },
    });
    const world = await openWorld(t, { log, counts });
    await world.materialize({});
    const before = await current(world);
    at.ids = [2, 3];
    const { outcome } = await world.materialize({});
    assert.equal(outcome?.status, "failure");
    assert.match(outcome?.failed[0]?.reason ?? "", /unique/);
    assert.equal((await current(world)).id, before.id);
    at.ids = [3];
    assert.equal((await world.materialize({})).outcome?.status, "success");
    assert.deepEqual(counted, [2, 4, 3]);
    assert.deepEqual((await current(world)).rowCount, 3);
  });

  test("N6: goes on with wider columns, and what was there is read by them", async (t) => {
    const at = { count: 2 };
    const events = asset("events", { columns: Event, run: () => rowsUpTo(at.count) });
    const text = sql`select * from ${events} where id > (select coalesce(max(id), 0) from ${sql.previous})`;
    const narrow = asset("log", { columns: Event, write: "append", sql: text });
    const Wide = z.object({ id: z.int(), name: z.string().nullable(), since: z.string().nullable() });
    const wide = asset("log", {
      columns: Wide,
      write: "append",
      sql: sql`select *, 'today' as since from (${text})`,
    });
    const world = await openWorld(t, { events, log: narrow });
    await world.materialize({});
    at.count = 3;
    const later = await changed(t, world, { events, log: wide });
    assert.equal((await later.materialize({})).outcome?.status, "success");
    const [one, two, three] = rowsUpTo(3);
    assert.deepEqual(await later.rows("log"), [
      { ...one, since: null },
      { ...two, since: null },
      { ...three, since: "today" },
    ]);
    const version = await current(later);
    assert.equal(version.rowCount, 3);
    at.count = 4;
    await later.materialize({});
    assert.deepEqual(filesOf(await current(later)).length, filesOf(version).length + 1);
  });

  test("N6: cannot go on where what it has can no longer be read, and says how to make it anew", async (t) => {
    const { at: _at, ...assets } = growing();
    const world = await openWorld(t, assets);
    await world.materialize({});
    const before = await current(world);
    const Renamed = z.object({ id: z.int(), title: z.string() });
    const log = asset("log", {
      columns: Renamed,
      write: "append",
      deps: { events: assets.events },
      run: ({ events }) => sql`select id, name as title from ${events}`,
    });
    const later = await changed(t, world, { events: assets.events, log });
    const { outcome } = await later.materialize({ selection: "log" });
    const [failure] = outcome?.failed ?? [];
    assert.equal(failure?.code, "APPEND_IMPOSSIBLE");
    assert.match(failure?.reason ?? "", /log cannot add to the rows there are: the column title is declared/);
    assert.match(failure?.fix ?? "", /millrace materialize log --full-refresh/);
    assert.equal((await current(later)).id, before.id);
    assert.equal((await later.materialize({ fullRefresh: true })).outcome?.status, "success");
    assert.deepEqual(await later.rows("log"), [
      { id: 1, title: "event 1" },
      { id: 2, title: "event 2" },
    ]);
  });

  test("whose code changed adds rows by the new code, unless all of it is asked for anew", async (t) => {
    const { at, ...assets } = growing();
    const world = await openWorld(t, assets);
    await world.materialize({});
    const louder = asset("log", {
      columns: Event,
      write: "append",
      deps: { events: assets.events },
      run: ({ events }, { previous }) =>
        sql`select id, upper(name) as name from ${events}
            where id > (select coalesce(max(id), 0) from ${previous})`,
    });
    const later = await changed(t, world, { events: assets.events, log: louder });
    at.count = 3;
    await later.materialize({ selection: "events" });
    await later.materialize({ staleOnly: true });
    const names = async () => (await later.rows("log")).map((row) => (row as Row).name);
    assert.deepEqual(await names(), ["event 1", "event 2", "EVENT 3"]);
    await later.materialize({ selection: "log", fullRefresh: true });
    assert.deepEqual(await names(), ["EVENT 1", "EVENT 2", "EVENT 3"]);
    const version = await current(later);
    assert.equal(version.base, undefined);
    assert.equal(filesOf(version).length, 1);
  });

  test("that replaced its rows before goes on from them", async (t) => {
    const events = asset("events", { columns: Event, run: () => rowsUpTo(2) });
    const replacing = asset("log", { columns: Event, write: "replace", sql: sql`select * from ${events}` });
    const world = await openWorld(t, { events, log: replacing });
    await world.materialize({});
    const log = asset("log", { columns: Event, write: "append", run: () => [{ id: 9, name: "new" }] });
    const later = await changed(t, world, { events, log });
    await later.materialize({ selection: "log" });
    assert.deepEqual(await later.rows("log"), [...rowsUpTo(2), { id: 9, name: "new" }]);
  });

  test("N15: of two runs at once one goes, and no row is lost or there twice", async (t) => {
    const { at, ...assets } = growing();
    const world = await openWorld(t, assets);
    await world.materialize({});
    at.count = 4;
    await world.materialize({ selection: "events" });
    const [begun, resume] = [deferred(), deferred()];
    at.pause = () => {
      begun.resolve();
      return resume.promise;
    };
    const first = world.materialize({ selection: "log" });
    await begun.promise;
    // It has pinned the snapshot from before the first one's publish, and waits for its turn.
    const onStart = () => resume.resolve();
    const second = world.materialize({ selection: "log" }, { claims: "wait", onStart });
    const [one, two] = await Promise.all([first, second]);
    assert.deepEqual([one.outcome?.superseded, two.outcome?.superseded], [[], ["log"]]);
    assert.deepEqual(await world.rows("log"), rowsUpTo(4));
    at.count = 5;
    await world.materialize({});
    assert.deepEqual(await world.rows("log"), rowsUpTo(5));
  });

  test("that is tried again adds the rows of one try", async (t) => {
    let tries = 0;
    const log = asset("log", {
      columns: Event,
      write: "append",
      retry: { max: 2, delay: "1s", backoff: "constant" },
      async *run(_, { previous }) {
        tries += 1;
        yield { id: (await previous.count()) + 1, name: `try ${tries}` };
        if (tries === 2) throw new Error("the network is gone");
      },
    });
    const world = await openWorld(t, { log });
    await world.materialize({});
    await world.materialize({});
    assert.equal(tries, 3);
    assert.deepEqual(await world.rows("log"), [
      { id: 1, name: "try 1" },
      { id: 2, name: "try 3" },
    ]);
  });

  test("after a rollback and its release goes on from the rows that were rolled back to", async (t) => {
    const { at, ...assets } = growing();
    const world = await openWorld(t, assets);
    const { context } = world.world.open;
    await world.materialize({});
    at.count = 3;
    await world.materialize({});
    await rollBack({ selection: "log", by: "ada", reason: "" }, context);
    at.count = 4;
    assert.deepEqual((await world.materialize({})).outcome?.held, ["log"]);
    assert.deepEqual(await world.rows("log"), rowsUpTo(2));
    await release({ selection: "log", by: "ada", reason: "" }, context);
    await world.materialize({ selection: "log" });
    assert.deepEqual(await world.rows("log"), rowsUpTo(4));
  });

  test("N3: cannot be given a data version, which is counted", async (t) => {
    const log = asset("log", {
      columns: Event,
      write: "append",
      run: (_, { dataVersion }) => {
        dataVersion("mine");
        return rowsUpTo(1);
      },
    });
    const world = await openWorld(t, { log });
    const { outcome } = await world.materialize({});
    assert.match(outcome?.failed[0]?.reason ?? "", /data version of an appending asset is counted/);
  });

  test("N19: a check of the whole asset sees what is there together with what is added", async (t) => {
    const counts: number[] = [];
    const at = { n: 0 };
    const log = asset("log", {
      columns: z.object({ place: z.string(), n: z.int() }),
      write: "append",
      partitions: partitions.static(["here", "there"]),
      run: (_, { partition }) => [{ place: partition.key, n: (at.n += 1) }],
    });
    const all = assetCheck("all", {
      asset: log,
      scope: "asset",
      run: async ({ asset }) => counts.push(await asset.count()) > 0,
    });
    const world = await openWorld(t, { log, all });
    await world.materialize({});
    await world.materialize({ partitions: { from: "here", to: "here" } });
    assert.deepEqual(counts, [2, 3]);
  });

  test("a damaged file is found by whoever verifies or reads, and told with its version", async (t) => {
    const { at, ...assets } = growing();
    const world = await openWorld(t, assets);
    const { data } = world.world.open;
    await world.materialize({});
    at.count = 3;
    await world.materialize({});
    assert.deepEqual(await damagedIn(world), []);
    const version = await current(world);
    await appendFile(join(data, filesOf(version)[0] ?? ""), "x");
    assert.equal((await damagedIn(world)).length, 1);
    await assert.rejects(world.rows("log"), { code: "VERSION_CORRUPT" });
  });

  test("N1, N2: adds nothing to rows that are damaged, also where it does not read them, and is made anew then", async (t) => {
    const log = asset("log", { columns: Event, write: "append", run: () => rowsUpTo(1) });
    const world = await openWorld(t, { log });
    const { data } = world.world.open;
    await world.materialize({});
    await world.materialize({});
    const version = await current(world);
    await appendFile(join(data, filesOf(version)[0] ?? ""), "x");
    const { outcome } = await world.materialize({});
    const [failure] = outcome?.failed ?? [];
    assert.equal(failure?.code, "APPEND_IMPOSSIBLE");
    assert.match(failure.reason, new RegExp(`the bytes of version ${version.id} are missing or damaged`));
    assert.equal((await current(world)).id, version.id);
    assert.equal((await world.materialize({ fullRefresh: true })).outcome?.status, "success");
    assert.deepEqual(await damagedIn(world), []);
    assert.deepEqual(await world.rows("log"), rowsUpTo(1));
  });

  test("N12: begins without rows where its partitioning has changed, and the former rows are past, kept for the retention", async (t) => {
    const counts: number[] = [];
    const options = { columns: Event, write: "append" } as const;
    const adding = async (previous: { count(): Promise<number> }) => {
      counts.push(await previous.count());
      return rowsUpTo(1);
    };
    const before = asset("log", { ...options, run: (_, { previous }) => adding(previous) });
    const world = await openWorld(t, { log: before });
    await world.materialize({});
    await world.materialize({});
    const version = await current(world);
    const log = asset("log", {
      ...options,
      partitions: partitions.static(["here", "there"]),
      run: (_, { previous }) => adding(previous),
    });
    const later = await changed(t, world, { log });
    await later.materialize({});
    assert.deepEqual(counts, [0, 1, 0, 0]);
    assert.equal((await later.rows("log")).length, 2);
    await collect(later);
    assert.equal((await later.rows("log")).length, 2);
    assert.deepEqual(await damagedIn(later), []);
    const { context } = later.world.open;
    assert.equal(
      (await context.state.catalog.version(version.id))?.location,
      undefined,
      "past the retention",
    );
  });

  test("N18: files are kept as long as a version that is kept has them", async (t) => {
    const { at, ...assets } = growing();
    const world = await openWorld(t, assets);
    const { data } = world.world.open;
    const files = async () =>
      (await readdir(join(data, "log"), { recursive: true })).filter((f) => f.endsWith("parquet"));
    for (const count of [1, 2, 3, 4]) {
      at.count = count;
      await world.materialize({});
    }
    assert.equal((await files()).length, 4);
    await collect(world);
    assert.equal((await files()).length, 4);
    assert.deepEqual(await world.rows("log"), rowsUpTo(4));
    at.count = 5;
    await world.materialize({ fullRefresh: true });
    await collect(world);
    assert.equal((await files()).length, 1);
    assert.deepEqual(await world.rows("log"), rowsUpTo(5));
  });

  test("N1: has at most 32 files: one more, and all rows are written to one", async (t) => {
    const log = asset("log", {
      columns: z.object({ n: z.int() }),
      write: "append",
      checks: [check.unique("n")],
      run: async (_, { previous }) => [{ n: await previous.count() }],
    });
    const world = await openWorld(t, { log });
    const counts: number[] = [];
    for (let run = 1; run <= 34; run += 1) {
      await world.materialize({});
      counts.push(filesOf(await current(world)).length);
    }
    assert.deepEqual(counts.slice(30), [31, 32, 1, 2]);
    assert.deepEqual(
      (await world.rows("log")).map((row) => (row as { n: number }).n),
      Array.from({ length: 34 }, (_, n) => n),
    );
    assert.deepEqual(await damagedIn(world), []);
  });
});
