import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import {
  asset,
  defineProject,
  env,
  resource,
  secret,
  type ConfiguredResource,
  type ProjectOptions,
} from "millrace";
import * as z from "zod";
import { materialize, type Materialized } from "../../../src/control/runs/materialize.ts";
import { outlineMaterialization } from "../../../src/control/planning/plan-materialization.ts";
import { why } from "../../../src/control/staleness/why.ts";
import type { VersionRecord } from "../../../src/core/catalog/version.ts";
import { explainPlan } from "../../../src/core/plan/explain-plan.ts";
import type { RunConfig } from "../../../src/core/config/run-config.ts";
import { MillraceError } from "../../../src/core/errors.ts";
import { projectDefinition } from "../../../src/core/project/project.ts";
import { openTestWorld, type TestWorld } from "../../../src/testing/test-world.ts";
import { readHandle } from "../../../src/testing/read-handle.ts";
import type { ValueHandle } from "../../../src/core/asset/handle.ts";

interface World {
  readonly world: TestWorld;
  readonly run: (config?: RunConfig) => Promise<Materialized>;
  readonly value: () => Promise<unknown>;
}

/** A project with one asset, whose value is what its resource was configured with. */
async function openWith(
  t: TestContext,
  resources: ProjectOptions<[]>["resources"] | undefined,
  notes: string[] = [],
): Promise<World> {
  const store = storeNoting(notes);
  const client = resource("client", {
    resources: { store },
    create: (given, { defer }) => {
      notes.push(`+client over ${given.store.at}`);
      defer(() => void notes.push("-client"));
      return given.store;
    },
  });
  const told = asset("told", {
    value: z.json(),
    resources: { client },
    run: (given, { log }) => {
      log.info(`with ${given.client.token ?? "nothing"}`);
      return { at: given.client.at, pool: given.client.pool };
    },
  });
  const given = typeof resources === "function" ? resources : (resources ?? []);
  const project =
    projectDefinition(defineProject({ name: "world", definitions: [{ told, store }], resources: given })) ??
    assert.fail();
  const world = await openTestWorld(project, process.cwd(), undefined);
  t.after(() => world.close());
  const { context } = world.open;
  return {
    world,
    run: (config) => materialize({ selection: "*", ...(config === undefined ? {} : { config }) }, context),
    value: async () => {
      const asked = context.graph.byKey.get("told") ?? assert.fail();
      return ((await readHandle(asked, world)) as ValueHandle<unknown>).get();
    },
  };
}

const Config = z.object({ at: z.string(), pool: z.int().default(4), token: secret().optional() });
type Store = z.output<typeof Config>;
const opened: { notes: string[] } = { notes: [] };
const store = resource("store", {
  config: Config,
  create: (_, { config, defer }): Store => {
    opened.notes.push(`+${config.at}`);
    defer(() => void opened.notes.push(`-${config.at}`));
    return config;
  },
});
function storeNoting(notes: string[]): typeof store {
  opened.notes = notes;
  return store;
}

async function refusal(work: Promise<unknown>): Promise<MillraceError> {
  const error: unknown = await work.then(
    () => assert.fail("it was taken"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof MillraceError, String(error));
  return error;
}

test("a resource gets what the project configures it with, parsed, with variables put in", async (t) => {
  process.env["TEST_STORE_POOL"] = "7";
  t.after(() => delete process.env["TEST_STORE_POOL"]);
  const { run, value } = await openWith(t, [
    store.with({ at: env("TEST_STORE_AT", { default: "the default" }), pool: env("TEST_STORE_POOL") }),
  ]);
  assert.equal((await run()).outcome?.status, "success");
  assert.deepEqual(await value(), { at: "the default", pool: 7 });
});

test("a function configures resources for the environment that is open", async (t) => {
  const configured: string[] = [];
  const { run, value } = await openWith(t, (environment): readonly ConfiguredResource[] => {
    configured.push(environment);
    return [store.with({ at: `of ${environment}` })];
  });
  await run();
  assert.deepEqual(await value(), { at: "of test", pool: 4 });
  assert.deepEqual([...new Set(configured)], ["test"]);
});

test("a run's own config goes before the project's, member by member; its instances are its own and go with it", async (t) => {
  const notes: string[] = [];
  const { run, value, world } = await openWith(t, [store.with({ at: "shared", pool: 2 })], notes);
  await run();
  assert.deepEqual(notes.splice(0), ["+shared", "+client over shared"]);
  await run({ resources: { store: { at: "own" } } });
  assert.deepEqual(await value(), { at: "own", pool: 2 });
  assert.deepEqual(notes.splice(0), ["+own", "+client over own", "-client", "-own"]);
  await run();
  assert.deepEqual(await value(), { at: "shared", pool: 2 });
  assert.deepEqual(notes, []);
  await world.open.resources.close();
  assert.deepEqual(notes, ["-client", "-shared"]);
});

test("what a resource lacks is told before a run begins, with everything else that is wrong", async (t) => {
  const { run, world } = await openWith(t, undefined);
  const error = await refusal(run({ resources: { store: { pol: 1 }, stor: {} } }));
  assert.equal(error.code, "CONFIG_INVALID");
  assert.deepEqual(
    error.problems.map(({ place }) => place.field),
    ["resources.stor", "resources.store.pol", "resources.store.at"],
  );
  const { state, scope } = world.open.context;
  assert.deepEqual(await state.runs.list(scope, { limit: 10 }), []);
});

test("missing variables are told before a run begins, all at once", async (t) => {
  const { run, world } = await openWith(t, [
    store.with({ at: env("TEST_NOT_SET_1"), token: env("TEST_NOT_SET_2") }),
  ]);
  const error = await refusal(run());
  assert.equal(error.code, "ENVIRONMENT_VARIABLES_MISSING");
  assert.equal(error.problems.length, 2);
  const { state, scope } = world.open.context;
  assert.deepEqual(await state.runs.list(scope, { limit: 10 }), []);
});

test("a secret of a resource is told nowhere: not in a log line, nor in what it failed with", async (t) => {
  process.env["TEST_STORE_TOKEN"] = "hunter2-hunter2";
  t.after(() => delete process.env["TEST_STORE_TOKEN"]);
  const { run, world } = await openWith(t, [store.with({ at: "there", token: env("TEST_STORE_TOKEN") })]);
  const { outcome } = await run();
  const { state, scope } = world.open.context;
  const events = await state.events.read(scope, { runId: outcome?.runId ?? "", limit: 1_000 });
  assert.match(JSON.stringify(events), /with \*\*\*/);
  assert.doesNotMatch(JSON.stringify(events), /hunter2/);
});

test("a resource that fails does so without its secret", async (t) => {
  const leaky = resource("leaky", {
    config: z.object({ token: secret() }),
    create: (_, { config, log }) => {
      log.info(`connecting with ${config.token}`);
      throw new Error(`401 for ${config.token}`);
    },
  });
  const needs = asset("needs", { value: z.int(), resources: { leaky }, run: () => 1 });
  const project =
    projectDefinition(
      defineProject({
        name: "world",
        definitions: [{ needs }],
        resources: [leaky.with({ token: "hunter2-hunter2" })],
      }),
    ) ?? assert.fail();
  const world = await openTestWorld(project, process.cwd(), undefined);
  t.after(() => world.close());
  const { context } = world.open;
  const { outcome } = await materialize({ selection: "*" }, context);
  assert.equal(outcome?.failed[0]?.reason, "The resource leaky cannot be used: 401 for ***");
  const events = await context.state.events.read(context.scope, { runId: outcome.runId, limit: 1_000 });
  assert.match(JSON.stringify(events), /connecting with \*\*\*/);
  assert.doesNotMatch(JSON.stringify(events), /hunter2/);
});

/** Opens a project in which `features` decides what `model` holds, over the state of an earlier one. */
async function openModel(
  t: TestContext,
  config: { readonly size: number; readonly token?: string },
  before?: TestWorld,
): Promise<TestWorld> {
  const features = resource("features", {
    config: z.object({ size: z.int(), token: secret().optional() }),
    affectsData: true,
    create: (_, given) => given.config,
  });
  const client = resource("client", { resources: { features }, create: (given) => given.features });
  const model = asset("model", {
    value: z.int(),
    resources: { client },
    codeVersion: "1",
    run: (given) => given.client.size,
  });
  const other = asset("other", { value: z.int(), codeVersion: "1", run: () => 1 });
  const project =
    projectDefinition(
      defineProject({
        name: "world",
        definitions: [{ model, other }],
        resources: [features.with(config)],
      }),
    ) ?? assert.fail();
  const world = await openTestWorld(project, process.cwd(), undefined, before);
  t.after(() => world.close());
  return world;
}

async function staleOf({ open: { context } }: TestWorld): Promise<readonly string[]> {
  const { outline } = await outlineMaterialization({ selection: "*", staleOnly: true }, context);
  return explainPlan(outline);
}
const made = async ({ open: { context } }: TestWorld): Promise<VersionRecord> => {
  const { state, scope, known } = context;
  const [version] = await state.catalog.versions(scope, known.get("model")?.assetId ?? -1, 1);
  return version ?? assert.fail();
};

test("another config of a data-affecting resource makes stale what works with it, and why names it; another secret does not (N5, N8)", async (t) => {
  const first = await openModel(t, { size: 1, token: "the-first-token" });
  await materialize({ selection: "*" }, first.open.context);
  assert.deepEqual(await staleOf(first), ["2 fresh, left alone"]);

  const same = await openModel(t, { size: 1, token: "another-token" }, first);
  assert.deepEqual(await staleOf(same), ["2 fresh, left alone"]);

  const changed = await openModel(t, { size: 2, token: "another-token" }, same);
  assert.deepEqual(await staleOf(changed), [
    "model  runs: its code changed (resource features)",
    "1 fresh, left alone",
  ]);
  const { findings } = await why("model", changed.open.context);
  assert.match(JSON.stringify(findings), /resource features/);
  assert.match(JSON.stringify(findings), /size.*1.*size.*2/);
  assert.doesNotMatch(JSON.stringify(findings), /-token/);
  const before = await made(changed);
  await materialize({ selection: "model" }, changed.open.context);
  assert.deepEqual(await staleOf(changed), ["2 fresh, left alone"]);
  const after = await made(changed);
  assert.match(before.resourceHash ?? "", /^[0-9a-f]{64}$/);
  assert.notEqual(before.resourceHash, after.resourceHash);
});

test("a version records what its run gave a data-affecting resource; one that works with none records nothing (N5)", async (t) => {
  const world = await openModel(t, { size: 1 });
  const { context } = world.open;
  const run = async (config: RunConfig): Promise<string | undefined> => {
    assert.equal((await materialize({ selection: "*", config }, context)).outcome?.status, "success");
    return (await made(world)).resourceHash;
  };
  const plain = await run({});
  const given = await run({ resources: { features: { size: 3 } } });
  assert.notEqual(given, plain);
  assert.equal(await run({ resources: { features: { size: 1 } } }), plain);
  const { state, scope, known } = context;
  const [other] = await state.catalog.versions(scope, known.get("other")?.assetId ?? -1, 1);
  assert.equal(other?.resourceHash, undefined);
});
