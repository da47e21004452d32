import assert from "node:assert/strict";
import { test } from "node:test";
import { asset, multiAsset, secret } from "millrace";
import * as z from "zod";
import { MillraceError } from "../../../src/core/errors.ts";
import { openWorld, type World } from "./world.ts";

const pages = asset("pages", {
  value: z.array(z.int()),
  config: z.object({ count: z.int().default(2), from: z.int().default(0), token: secret().optional() }),
  run: (_, { config }) => Array.from({ length: config.count }, (__, index) => config.from + index),
});

async function configHash(world: World, key: string): Promise<string | undefined> {
  return (await world.pieces(key)).at(-1)?.version.configHash;
}

async function refusal(work: Promise<unknown>): Promise<MillraceError> {
  const error: unknown = await work.then(
    () => assert.fail("it was taken"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof MillraceError, String(error));
  return error;
}

test("an asset gets what the run was given for it, with defaults for the rest", async (t) => {
  const world = await openWorld(t, { pages });
  await world.materialize({});
  assert.deepEqual(await world.value("pages"), [0, 1]);
  await world.materialize({ config: { assets: { pages: { from: 5 } } } });
  assert.deepEqual(await world.value("pages"), [5, 6]);
});

test("what is made together is given one config, under the name of the whole", async (t) => {
  const both = multiAsset("both", {
    outputs: { a: { value: z.int() }, b: { value: z.int() } },
    config: z.object({ base: z.int() }),
    run: (_, { config }) => ({ a: config.base + 1, b: config.base + 2 }),
  });
  const world = await openWorld(t, both);
  await world.materialize({ config: { assets: { both: { base: 10 } } } });
  assert.deepEqual([await world.value("both/a"), await world.value("both/b")], [11, 12]);
  const error = await refusal(world.materialize({ config: { assets: { "both/a": { base: 1 } } } }));
  assert.match(error.message, /assets\.both\/a: no such asset; .*\(did you mean both\?\)/);
  assert.match(error.message, /assets\.both\.base: it is required/);
});

test("a run with mistakes in its config does not begin: all of them are told, and no row is written", async (t) => {
  const needy = asset("needy", {
    value: z.int(),
    config: z.object({ base: z.int() }),
    run: (_, { config }) => config.base,
  });
  const world = await openWorld(t, { pages, needy });
  const config = { assets: { pages: { cuont: 1, from: "x" }, pagse: {} }, ops: { x: {} } };
  const error = await refusal(world.materialize({ config }));
  assert.equal(error.code, "CONFIG_INVALID");
  assert.deepEqual(
    error.problems.map(({ place }) => place.field),
    ["ops.x", "assets.pagse", "assets.pages.cuont", "assets.pages.from", "assets.needy.base"],
  );
  const { context } = world.world.open;
  assert.deepEqual(await context.state.runs.list(context.scope, { limit: 1 }), []);
  // What the run does not make need not be given anything.
  assert.equal((await world.materialize({ selection: "pages" })).outcome?.status, "success");
});

test("a version records with which config it was made, a secret aside (N5)", async (t) => {
  const plain = asset("plain", { value: z.int(), run: () => 1 });
  const world = await openWorld(t, { pages, plain });
  const hashWith = async (given: object): Promise<string | undefined> => {
    await world.materialize({ config: { assets: { pages: given } } });
    return configHash(world, "pages");
  };
  const byDefault = await hashWith({});
  assert.match(byDefault ?? "", /^[0-9a-f]{64}$/);
  assert.equal(await hashWith({ count: 2 }), byDefault, "a default written out is the same");
  assert.notEqual(await hashWith({ count: 3 }), byDefault);
  const withToken = await hashWith({ token: "first-secret" });
  assert.equal(await hashWith({ token: "second-secret" }), withToken);
  assert.equal(await configHash(world, "plain"), undefined, "what takes no config records none");
});

test("another config makes nothing stale: it belongs to the run that was given it (N5, N21)", async (t) => {
  const below = asset("below", {
    value: z.int(),
    deps: { pages },
    run: async (d) => (await d.pages.get()).length,
  });
  const world = await openWorld(t, { pages, below });
  await world.materialize({ config: { assets: { pages: { count: 7 } } } });
  assert.deepEqual(await world.explain({ staleOnly: true }), ["2 fresh, left alone"]);
  assert.equal(await world.value("below"), 7);
});

test("an interrupted run is gone on with by who gives the same again, another secret or not (N9)", async (t) => {
  for (const [again, continues] of [
    [{ base: 1, token: "another-secret" }, true],
    [{ base: 2, token: "secret-one" }, false],
  ] as const) {
    let stop: AbortController | undefined = new AbortController();
    const first = asset("first", { value: z.int(), run: () => 1 });
    const second = asset("second", {
      value: z.string(),
      deps: { first },
      config: z.object({ base: z.int(), token: secret() }),
      run: (_, { config, signal }) => {
        stop?.abort();
        signal.throwIfAborted();
        return `${config.base} ${config.token.length}`;
      },
    });
    const world = await openWorld(t, { first, second });
    const config = { assets: { second: { base: 1, token: "secret-one" } } };
    await world.materialize({ config }, { signal: stop.signal });
    stop = undefined;
    let continued: number | undefined;
    await world.materialize(
      { config: { assets: { second: again } } },
      { onStart: (start) => (continued = start.continued) },
    );
    assert.equal(continued, continues ? 1 : undefined);
    assert.equal(await world.value("second"), `${again.base} ${again.token.length}`);
  }
});

test("the run's row keeps what was given: secrets are left out, variables stand in it by name", async (t) => {
  process.env["CONFIG_TEST_TOKEN"] = "token-from-outside";
  t.after(() => delete process.env["CONFIG_TEST_TOKEN"]);
  const world = await openWorld(t, { pages });
  const { context } = world.world.open;
  const stored = async (config: object): Promise<unknown> => {
    const { outcome } = await world.materialize({ config: { assets: { pages: config } } });
    return (await context.state.runs.get(context.scope, outcome?.runId ?? ""))?.config;
  };
  assert.deepEqual(await stored({ count: 1, token: "written-out" }), {
    assets: { pages: { count: 1, token: "***" } },
  });
  assert.deepEqual(await stored({ token: { $env: "CONFIG_TEST_TOKEN" } }), {
    assets: { pages: { token: { $env: "CONFIG_TEST_TOKEN" } } },
  });
  const { outcome } = await world.materialize({});
  const bare = await context.state.runs.get(context.scope, outcome?.runId ?? "");
  assert.equal(bare !== undefined && "config" in bare, false);
});

test("a missing variable is named before anything is done", async (t) => {
  const world = await openWorld(t, { pages });
  const error = await refusal(
    world.materialize({ config: { assets: { pages: { token: { $env: "CONFIG_TEST_NOBODY_SETS" } } } } }),
  );
  assert.equal(
    error.message,
    "The config has 1 mistake:\n- assets.pages.token: the environment variable CONFIG_TEST_NOBODY_SETS is not set",
  );
});

const token = "hunter2-hunter2";
const leaks: Readonly<Record<string, (given: { token: string }, context: LeakContext) => unknown>> = {
  "a value": ({ token }) => ({ header: `Bearer ${token}` }),
  "a checkpoint": (given, { checkpoint }) =>
    checkpoint("login", () => ({ session: btoa(`me:${given.token}`) })),
  "the name of a checkpoint": ({ token }, { checkpoint }) => checkpoint(`with ${token}`, () => 1),
  "the key of an item": ({ token }, { checkpoint }) => checkpoint("login", () => 1, { key: token }),
  "the data version": ({ token }, { dataVersion }) => dataVersion(token),
};
interface LeakContext {
  readonly checkpoint: (
    name: string,
    work: () => unknown,
    options?: { readonly key?: string },
  ) => Promise<unknown>;
  readonly dataVersion: (text: string) => void;
}
for (const [what, leak] of Object.entries(leaks)) {
  test(`${what} that holds a secret is refused, not kept, and not tried again`, async (t) => {
    let tries = 0;
    const leaky = asset("leaky", {
      value: z.unknown(),
      config: z.object({ token: secret() }),
      retry: { max: 3, delay: "1ms" },
      run: async (_, context) => {
        tries += 1;
        return (await leak(context.config, context)) ?? 1;
      },
    });
    const world = await openWorld(t, { leaky });
    const { outcome } = await world.materialize({ config: { assets: { leaky: { token } } } });
    const [failed] = outcome?.failed ?? [];
    assert.equal(failed?.code, "SECRET_IN_VALUE");
    assert.match(failed.reason, /^leaky: .* holds the text of a secret$/);
    assert.doesNotMatch(failed.reason, /hunter2/);
    assert.equal(tries, 1);
  });
}
