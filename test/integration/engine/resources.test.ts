import assert from "node:assert/strict";
import { test } from "node:test";
import {
  asset,
  assetCheck,
  job,
  multiAsset,
  op,
  resource,
  type CreateContext,
  type Resource,
} from "millrace";
import * as z from "zod";
import type { Log } from "../../../src/core/asset/run-context.ts";
import { MillraceError } from "../../../src/core/errors.ts";
import {
  isResource,
  type ResourceDefinition,
  type ResourceMap,
} from "../../../src/core/resource/resource-definition.ts";
import { openResourcePool } from "../../../src/engine/resources/resource-pool.ts";
import type { ResourcePool } from "../../../src/ports/resource-pool.ts";
import { openWorld } from "./world.ts";

const unending = new AbortController().signal;

interface TestPool {
  readonly pool: ResourcePool;
  /** What was logged. */
  readonly told: readonly string[];
  /** How long somebody has waited: here it takes no time. */
  readonly waits: readonly number[];
  readonly log: Log;
}

function testPool(): TestPool {
  const told: string[] = [];
  const waits: number[] = [];
  const note = (message: string): void => void told.push(message);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const clock = { now: () => 0, sleep: async (milliseconds: number) => void waits.push(milliseconds) };
  const pool = openResourcePool({ clock, log, configOf: () => undefined, redact: (text) => text });
  return { pool, told, waits, log };
}

function mapOf(resources: Readonly<Record<string, unknown>>): ResourceMap {
  const map = new Map<string, ResourceDefinition>();
  for (const [name, one] of Object.entries(resources)) {
    assert.ok(isResource(one));
    map.set(name, one);
  }
  return map;
}

const isFailed = (name: string, reason: RegExp) => (error: unknown) =>
  error instanceof MillraceError &&
  error.code === "RESOURCE_FAILED" &&
  error.place.resource === name &&
  error.place.file === import.meta.filename &&
  reason.test(error.message);

/** A resource that notes when an instance is made and disposed. */
function noted(
  name: string,
  notes: string[],
  made: (context: CreateContext) => unknown = () => name,
): Resource<unknown> {
  return resource(name, {
    create: (_, context) => {
      context.defer(() => void notes.push(`-${name}`));
      notes.push(`+${name}`);
      return made(context);
    },
  });
}

test("when the second of three resources fails, the first is disposed and the third is never made", async () => {
  const notes: string[] = [];
  const { pool, log } = testPool();
  const resources = mapOf({
    a: noted("first", notes),
    b: noted("second", notes, () => {
      throw new Error("no route to host");
    }),
    c: noted("third", notes),
  });
  const session = pool.session();
  const asker = { log, signal: unending };
  await assert.rejects(
    session.instancesFor(resources, asker),
    isFailed("second", /second.*no route to host/),
  );
  // Its own policy has had its tries: nobody waits for the same failure again in this run.
  await assert.rejects(session.instancesFor(resources, asker), isFailed("second", /no route/));
  await session.close();
  await pool.close();
  assert.deepEqual(notes, ["+first", "+second", "-second", "-first"]);
});

test("those who ask at the same time share one creation, and a run shares its own with nobody", async () => {
  const notes: string[] = [];
  const { pool, log } = testPool();
  const asker = { log, signal: unending };
  const shared = mapOf({ db: noted("shared", notes) });
  const own = resource("own", {
    scope: "run",
    create: (_, { defer }) => {
      defer(() => void notes.push("-own"));
      notes.push("+own");
      return {};
    },
  });
  const one = pool.session();
  const other = pool.session();
  const [a, b, c] = await Promise.all([
    one.instancesFor(mapOf({ own }), asker),
    one.instancesFor(mapOf({ other: own }), asker),
    other.instancesFor(mapOf({ own }), asker),
    one.instancesFor(shared, asker),
    other.instancesFor(shared, asker),
  ]);
  assert.equal(a["own"], b["other"]);
  assert.notEqual(a["own"], c["own"]);
  assert.deepEqual(notes.toSorted(), ["+own", "+own", "+shared"]);
  await one.close();
  assert.deepEqual(notes.filter((note) => note === "-own").length, 1);
  await other.close();
  await pool.close();
  assert.deepEqual(notes.slice(-2), ["-own", "-shared"]);
});

test("what a resource is made of is there before it and goes after it", async () => {
  const notes: string[] = [];
  const { pool, log } = testPool();
  const socket = noted("socket", notes);
  const client = resource("client", {
    resources: { over: socket },
    create: ({ over }, { defer }) => {
      defer(() => void notes.push("-client 1"));
      defer(() => void notes.push("-client 2"));
      notes.push(`+client over ${String(over)}`);
      return "client";
    },
  });
  const session = pool.session();
  const asker = { log, signal: unending };
  const instances = await session.instancesFor(mapOf({ client, raw: socket }), asker);
  assert.deepEqual({ ...instances }, { client: "client", raw: "socket" });
  await session.close();
  await pool.close();
  assert.deepEqual(notes, ["+socket", "+client over socket", "-client 2", "-client 1", "-socket"]);
});

test("a failed creation is tried again as the resource's policy says, each try without what the last one opened", async () => {
  const notes: string[] = [];
  let tries = 0;
  const { pool, log, waits, told } = testPool();
  const flaky = resource("flaky", {
    retry: { max: 3, delay: "1s", backoff: "linear" },
    create: (_, { defer }) => {
      tries += 1;
      const number = tries;
      notes.push(`+${number}`);
      defer(() => void notes.push(`-${number}`));
      if (number < 3) throw new Error(`refused ${number}`);
      return number;
    },
  });
  const session = pool.session();
  const asker = { log, signal: unending };
  assert.equal((await session.instancesFor(mapOf({ flaky }), asker))["flaky"], 3);
  assert.deepEqual(notes, ["+1", "-1", "+2", "-2", "+3"]);
  assert.deepEqual(waits, [1_000, 2_000]);
  assert.match(told.join("\n"), /flaky is tried again in 1\.0 s: refused 1\n.*in 2\.0 s: refused 2/);
  await session.close();
  await pool.close();
});

test("an instance that is there already is asked for its health by each run, and replaced once", async () => {
  const notes: string[] = [];
  const sick = new Set<number>();
  let made = 0;
  const { pool, log, told } = testPool();
  const db = resource("db", {
    create: (_, { defer }) => {
      made += 1;
      const number = made;
      defer(() => void notes.push(`-db ${number}`));
      return number;
    },
    check: (number) => {
      notes.push(`?${number}`);
      return !sick.has(number);
    },
  });
  const repo = resource("repo", {
    resources: { db },
    create: (instances, { defer }) => {
      defer(() => void notes.push(`-repo over ${instances.db}`));
      return `over ${instances.db}`;
    },
  });
  const asker = { log, signal: unending };
  const both = mapOf({ db, repo });
  const runs = async (): Promise<unknown> => {
    const session = pool.session();
    try {
      await session.instancesFor(both, asker);
      return { ...(await session.instancesFor(both, asker)) };
    } finally {
      await session.close();
    }
  };
  assert.deepEqual(await runs(), { db: 1, repo: "over 1" });
  assert.deepEqual(await runs(), { db: 1, repo: "over 1" });
  assert.deepEqual(notes.splice(0), ["?1", "?1"]);
  sick.add(1);
  assert.deepEqual(await runs(), { db: 2, repo: "over 2" });
  assert.deepEqual(notes.splice(0), ["?1", "-repo over 1", "-db 1", "?2"]);
  assert.match(told.join("\n"), /db is made anew: its check gave false/);
  for (const number of [2, 3]) sick.add(number);
  await assert.rejects(runs(), isFailed("db", /its check gave false/));
  assert.deepEqual(notes.splice(0), ["?2", "-repo over 2", "-db 2", "?3", "-db 3"]);
  await pool.close();
  assert.deepEqual(notes, []);
});

test("an instance that is no longer fit is not taken from a run that has it", async () => {
  const notes: string[] = [];
  let fit = true;
  let made = 0;
  const { pool, log } = testPool();
  const db = resource("db", {
    create: (_, { defer }) => {
      made += 1;
      const number = made;
      defer(() => void notes.push(`-${number}`));
      return number;
    },
    check: (number) => fit || number === 2,
  });
  const asker = { log, signal: unending };
  const first = pool.session();
  await first.instancesFor(mapOf({ db }), asker);
  fit = false;
  const second = pool.session();
  assert.equal((await second.instancesFor(mapOf({ db }), asker))["db"], 2);
  assert.deepEqual(notes, []);
  await first.close();
  assert.deepEqual(notes, ["-1"]);
  await second.close();
  assert.deepEqual(notes, ["-1"]);
  await pool.close();
  assert.deepEqual(notes, ["-1", "-2"]);
});

test("a creation that is canceled is told so, and what it has opened is closed", async () => {
  const notes: string[] = [];
  const { pool, log } = testPool();
  const slow = noted("slow", notes, async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    notes.push("told");
    throw new Error("stopped");
  });
  const session = pool.session();
  const canceled = new AbortController();
  const asking = session.instancesFor(mapOf({ slow }), { log, signal: canceled.signal });
  await new Promise((resolve) => setImmediate(resolve));
  canceled.abort();
  await assert.rejects(asking, { code: "CANCELED" });
  await session.close();
  await pool.close();
  assert.deepEqual(notes, ["+slow", "told", "-slow"]);
});

test("a creation goes on while somebody else waits for it", async () => {
  const { pool, log } = testPool();
  let finish = (_: string): void => undefined;
  const slow = resource("slow", {
    create: () => new Promise<string>((resolve) => (finish = resolve)),
  });
  const [one, other] = [pool.session(), pool.session()];
  const canceled = new AbortController();
  const left = one.instancesFor(mapOf({ slow }), { log, signal: canceled.signal });
  const stays = other.instancesFor(mapOf({ slow }), { log, signal: unending });
  await new Promise((resolve) => setImmediate(resolve));
  canceled.abort();
  await assert.rejects(left, { code: "CANCELED" });
  finish("there");
  assert.equal((await stays)["slow"], "there");
  for (const session of [one, other]) await session.close();
  await pool.close();
});

test("a disposer that fails or never ends is logged after 10 seconds and does not keep the others from being called", async (t) => {
  const notes: string[] = [];
  const { pool, log, told } = testPool();
  const stubborn = resource("stubborn", {
    create: (_, { defer }) => {
      defer(() => void notes.push("the first"));
      defer(() => {
        throw new Error("broken pipe");
      });
      defer(() => new Promise(() => undefined));
      defer(() => void notes.push("the last"));
      return {};
    },
  });
  const session = pool.session();
  await session.instancesFor(mapOf({ before: noted("before", notes), stubborn }), { log, signal: unending });
  await session.close();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const closing = pool.close();
  while (notes.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(notes, ["+before", "the last"]);
  t.mock.timers.tick(9_999);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(notes, ["+before", "the last"]);
  t.mock.timers.tick(1);
  await closing;
  assert.deepEqual(notes, ["+before", "the last", "the first", "-before"]);
  assert.match(
    told.join("\n"),
    /stubborn was not disposed cleanly: it took longer than 10\.0 s\n.*stubborn was not disposed cleanly: broken pipe/,
  );
});

test("code that was given up and defers later has that closed at once", async (t) => {
  const notes: string[] = [];
  const { pool, log } = testPool();
  let go = (): void => undefined;
  const deaf = noted("deaf", notes, async ({ defer }) => {
    await new Promise<void>((resolve) => (go = resolve));
    defer(() => void notes.push("-later"));
  });
  const session = pool.session();
  const canceled = new AbortController();
  const asking = session.instancesFor(mapOf({ deaf }), { log, signal: canceled.signal });
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.enable({ apis: ["setTimeout"] });
  canceled.abort();
  await assert.rejects(asking, { code: "CANCELED" });
  const closing = session.close().then(() => pool.close());
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.tick(10_000);
  await closing;
  assert.deepEqual(notes, ["+deaf", "-deaf"]);
  go();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(notes, ["+deaf", "-deaf", "-later"]);
});

test("assets, multi-assets and checks get instances beside what they read, and a run closes its own", async (t) => {
  const notes: string[] = [];
  const counter = resource("counter", {
    scope: "run",
    create: (_, { defer }) => {
      let count = 0;
      notes.push("+counter");
      defer(() => void notes.push("-counter"));
      return { next: () => (count += 1) };
    },
  });
  const first = asset("first", {
    value: z.int(),
    resources: { counter },
    run: (given) => given.counter.next(),
  });
  const pair = multiAsset("pair", {
    outputs: { a: { value: z.int() }, b: { value: z.int() } },
    deps: { first },
    resources: { counter },
    run: async (given) => ({ a: await given.first.get(), b: given.counter.next() }),
  });
  const asked = assetCheck("asked", {
    asset: pair.b,
    resources: { counter },
    run: (given) => ({ passed: true, metadata: { count: given.counter.next() } }),
  });
  const world = await openWorld(t, { first, ...pair, asked });
  const { outcome } = await world.materialize({});
  assert.equal(outcome?.status, "success");
  assert.deepEqual([await world.value("pair/a"), await world.value("pair/b")], [1, 2]);
  const { state, scope, known } = world.world.open.context;
  const [version] = await state.catalog.versions(scope, known.get("pair/b")?.assetId ?? 0, 1);
  const [evaluation] = await state.catalog.evaluations(scope, [version?.id ?? ""]);
  assert.equal(evaluation?.metadata?.["count"], 3);
  assert.deepEqual(notes, ["+counter", "-counter"]);
});

test("the ops of a job share an instance, and what it needs from outside is asked for before the run begins", async (t) => {
  const notes: string[] = [];
  const inbox = resource("inbox", {
    scope: "run",
    config: z.object({ of: z.string() }),
    create: (_, { config, defer }) => {
      notes.push(`+inbox of ${config.of}`);
      defer(() => void notes.push("-inbox"));
      return { take: (n: number) => `${config.of} ${n}` };
    },
  });
  const take = op("take", {
    input: z.object({ n: z.int() }),
    output: z.string(),
    resources: { inbox },
    run: (named) => {
      const taken = named.inbox.take(named.input.n);
      notes.push(taken);
      return taken;
    },
  });
  const drain = job("drain", { graph: ({ map }) => void map([1, 2, 3], (n) => take({ n })) });
  const world = await openWorld(t, { drain });
  await assert.rejects(world.runJob({ job: "drain" }), /resources\.inbox\.of: it is required/);
  const config = { resources: { inbox: { of: "ann" } } };
  assert.equal((await world.runJob({ job: "drain", config })).status, "success");
  assert.equal(notes[0], "+inbox of ann");
  assert.deepEqual(notes.slice(1, -1).toSorted(), ["ann 1", "ann 2", "ann 3"]);
  assert.equal(notes.at(-1), "-inbox");
});

test("a step whose resource fails is not tried again, says which one it was, and leaves the others alone", async (t) => {
  let asked = 0;
  const down = resource("down", {
    create: () => {
      asked += 1;
      throw new Error("connection refused");
    },
  });
  const options = { value: z.int(), resources: { down }, retry: { max: 5, delay: "1ms" } };
  const one = asset("one", { ...options, run: () => 1 });
  const two = asset("two", { ...options, run: () => 2 });
  const fine = asset("fine", { value: z.int(), run: () => 3 });
  const world = await openWorld(t, { one, two, fine });
  const { outcome } = await world.materialize({});
  assert.deepEqual(
    outcome?.failed.map(({ step, code, reason }) => `${step} ${code} ${reason}`).toSorted(),
    ["one", "two"].map(
      (key) => `${key} RESOURCE_FAILED The resource down cannot be used: connection refused`,
    ),
  );
  assert.equal(asked, 1);
  assert.equal(await world.value("fine"), 3);
  await world.materialize({ selection: "one" });
  assert.equal(asked, 2);
});

test("a run that is canceled closes what it has opened", async (t) => {
  const notes: string[] = [];
  const canceled = new AbortController();
  const db = noted("db", notes);
  const slow = asset("slow", {
    value: z.int(),
    resources: { db },
    run: async (_, { signal }) => {
      canceled.abort();
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      return 1;
    },
  });
  const world = await openWorld(t, { slow });
  const { outcome } = await world.materialize({}, { signal: canceled.signal });
  assert.equal(outcome?.status, "canceled");
  assert.deepEqual(notes, ["+db"]);
  await world.world.open.resources.close();
  assert.deepEqual(notes, ["+db", "-db"]);
});
