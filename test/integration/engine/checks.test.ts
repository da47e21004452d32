import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { asset, assetCheck, assetChecks, check, partitions, sql } from "millrace";
import * as z from "zod";
import { recheck } from "../../../src/control/checks/recheck.ts";
import { showCheck } from "../../../src/control/checks/show-check.ts";
import type { CheckEvaluation } from "../../../src/core/check/evaluation.ts";
import { openWorld, type World } from "./world.ts";

const Item = z.object({ id: z.int(), price: z.number() });
type Item = z.output<typeof Item>;
const one: readonly Item[] = [{ id: 1, price: 2 }];

async function evaluations({ world }: World, key: string): Promise<readonly CheckEvaluation[]> {
  const { state, scope, known } = world.open.context;
  const [newest] = await state.catalog.versions(scope, known.get(key)?.assetId ?? 0, 1);
  return state.catalog.evaluations(scope, [newest?.id ?? ""]);
}

/** What a check that is given this function says of its asset, and how the run ends. */
async function said(t: TestContext, run: (context: { signal: AbortSignal }) => unknown, timeout = "10m") {
  const items = asset("items", { columns: Item, run: () => one });
  const untyped = assetCheck as unknown as (name: string, options: object) => object;
  const mine = untyped("mine", {
    asset: items,
    timeout,
    run: (_: object, context: { signal: AbortSignal }) => run(context),
  });
  const world = await openWorld(t, { items, mine });
  const { outcome } = await world.materialize({});
  const [evaluation] = await evaluations(world, "items");
  return { outcome, evaluation, snapshot: await world.snapshot() };
}

describe("a check that goes wrong", () => {
  const wrong: readonly (readonly [string, (context: { signal: AbortSignal }) => unknown, RegExp])[] = [
    ["throws", () => Promise.reject(new Error("no oracle")), /mine: the check threw: no oracle/],
    ["gives nothing", () => undefined, /mine: run must give true, false or \{ passed \}, but gave nothing/],
    ["gives a number", () => 7, /mine: run must give .* but gave the number 7/],
    ["gives a list", () => [true], /mine: run must give .* but gave a list/],
    [
      "says passed in words",
      () => ({ passed: "yes" }),
      /mine: run must give .* but gave an object without passed/,
    ],
    ["describes with an object", () => ({ passed: true, description: {} }), /mine: the description it gave/],
    [
      "keeps what is no JSON",
      () => ({ passed: true, metadata: { n: 1n } }),
      /mine: the metadata it gave cannot be kept/,
    ],
    [
      "keeps NaN",
      () => ({ passed: true, metadata: { n: NaN } }),
      /mine: the metadata it gave cannot be kept/,
    ],
    [
      "is of a severity that there is not",
      () => ({ passed: false, severity: "fatal" }),
      /mine: the severity it gave/,
    ],
  ];
  for (const [what, run, says] of wrong) {
    test(`one that ${what} has failed, is named, and blocks (N19)`, async (t) => {
      const { outcome, evaluation, snapshot } = await said(t, run);
      assert.equal(outcome?.failed[0]?.code, "CHECK_FAILED");
      assert.match(outcome.failed[0].reason, says);
      assert.equal(evaluation?.passed, false);
      assert.equal(snapshot, 0);
    });
  }

  test("one that hangs is stopped at its time limit, told by its signal, and has failed", async (t) => {
    let told = false;
    const { outcome } = await said(
      t,
      ({ signal }) => {
        signal.addEventListener("abort", () => (told = true));
        return new Promise(() => undefined);
      },
      "50ms",
    );
    assert.match(outcome?.failed[0]?.reason ?? "", /mine: it took longer than its limit of 50 ms/);
    assert.equal(told, true);
  });

  test("SQL that takes too long or cannot be run fails its check alone, named", async (t) => {
    const items = asset("items", {
      columns: Item,
      checks: [
        check.sql(
          "slow",
          () => sql`select count(*) as n from range(100000000) a, range(100000) b having n = 0`,
          {
            timeout: "100ms",
          },
        ),
        check.sql("broken", (table) => sql`select nothing from ${table}`, { blocking: false }),
        check.notNull("id"),
      ],
      run: () => one,
    });
    const world = await openWorld(t, { items });
    const { outcome } = await world.materialize({});
    assert.match(
      outcome?.failed[0]?.reason ?? "",
      /a blocking check failed: slow: it took longer than its limit of 100 ms$/,
    );
    const found = await evaluations(world, "items");
    assert.deepEqual(
      found.map(({ check: name, passed }) => [name, passed]),
      [
        ["slow", false],
        ["broken", false],
        ["not null id", true],
      ],
    );
    assert.match(found[1]?.description ?? "", /its SQL cannot be run: .*nothing/);
  });

  test("a run that is canceled does not wait for a check that hangs, and records nothing of it", async (t) => {
    const stop = new AbortController();
    const items = asset("items", { columns: Item, run: () => one });
    const hangs = assetCheck("hangs", {
      asset: items,
      run: () => {
        stop.abort();
        return new Promise<boolean>(() => undefined);
      },
    });
    const world = await openWorld(t, { items, hangs });
    const { outcome } = await world.materialize({}, { signal: stop.signal });
    assert.equal(outcome?.status, "canceled");
    assert.deepEqual(await evaluations(world, "items"), []);
  });
});

describe("several checks that one function answers", () => {
  const asked = async (t: TestContext, run: () => unknown) => {
    const items = asset("items", { columns: Item, run: () => one });
    const untyped = assetChecks as unknown as (options: object) => object;
    const several = untyped({ asset: items, checks: { first: {}, second: { severity: "warn" } }, run });
    const world = await openWorld(t, { items, several });
    const { outcome } = await world.materialize({});
    return { outcome, found: await evaluations(world, "items") };
  };

  test("each is evaluated by itself; a warning does not block", async (t) => {
    let times = 0;
    const { outcome, found } = await asked(t, () => {
      times += 1;
      return { first: true, second: { passed: false, metadata: { gaps: 2 } } };
    });
    assert.equal(outcome?.status, "success");
    assert.equal(times, 1);
    assert.deepEqual(
      found.map(({ check: name, passed, blocking, severity, metadata }) => ({
        name,
        passed,
        blocking,
        severity,
        metadata,
      })),
      [
        { name: "first", passed: true, blocking: true, severity: "error", metadata: {} },
        { name: "second", passed: false, blocking: false, severity: "warn", metadata: { gaps: 2 } },
      ],
    );
  });

  test("names that are missing or that nobody declared are told, and fail", async (t) => {
    const missing = await asked(t, () => ({ first: true }));
    assert.deepEqual(
      missing.found.map(({ passed, description }) => [passed, description]),
      [
        [true, "passed"],
        [false, "run gave no result for it"],
      ],
    );
    const extra = await asked(t, () => ({ first: true, second: true, third: true }));
    assert.match(
      extra.outcome?.failed[0]?.reason ?? "",
      /first: run gave a result for third, which is not among the checks first, second/,
    );
    const none = await asked(t, () => true);
    assert.match(
      none.outcome?.failed[0]?.reason ?? "",
      /first: run must give a result for each of first, second, but gave a boolean/,
    );
  });
});

describe("rules about what was before", () => {
  test("rows, schema and metadata are compared with what is current; nothing current passes (N19)", async (t) => {
    let content: readonly Item[] = [1, 2, 3, 4].map((id) => ({ id, price: 1 }));
    let auc: unknown = 0.7;
    const items = asset("items", {
      columns: Item,
      codeVersion: "1",
      checks: [
        check.rowCountChange({ max: 0.5 }),
        check.schemaUnchanged(),
        check.metadata("auc", { min: 0.6 }),
        check.freshness({ maxAge: "1d" }),
      ],
      run: (_, { metadata }) => {
        metadata({ auc: auc as number });
        return content;
      },
    });
    const world = await openWorld(t, { items });
    const describe = async () =>
      (await evaluations(world, "items")).map(({ description = "" }) => description);
    assert.equal((await world.materialize({})).outcome?.status, "success");
    const [rows, schema, metadata, freshness] = await describe();
    assert.equal(rows, "4 rows, and none counted before to compare with");
    assert.equal(schema, "there is no earlier schema to compare with");
    assert.equal(metadata, "auc is 0.7: at least 0.6");
    assert.match(freshness ?? "", /^it was made \d+ ms ago; at most 24 h 0 min is allowed$/);

    content = content.slice(0, 1);
    auc = 0.5;
    const { outcome } = await world.materialize({});
    assert.equal(outcome?.status, "failure");
    assert.deepEqual((await describe()).slice(0, 3), [
      "1 row after 4, −75 %; allowed is −50 % to +50 %",
      "2 columns as before",
      "auc is 0.5: below 0.6",
    ]);
    const [first] = await evaluations(world, "items");
    assert.deepEqual(
      first?.reads.map(({ asset: read, snapshot }) => [read, snapshot]),
      [["items", 1]],
    );
    auc = "good";
    await world.materialize({});
    assert.equal((await describe())[2], "the metadata auc is no number");
  });

  test("references are looked up in the other asset as this run made it", async (t) => {
    const shops = asset("shops", { columns: z.object({ name: z.string() }), run: () => [{ name: "north" }] });
    const sales = asset("sales", {
      columns: z.object({ shop: z.string().nullable(), n: z.int() }),
      checks: [check.references("shop", shops, "name", { blocking: false })],
      run: () => [
        { shop: "north", n: 1 },
        { shop: null, n: 2 },
        { shop: "south", n: 3 },
      ],
    });
    const world = await openWorld(t, { sales, shops });
    assert.equal((await world.materialize({})).outcome?.status, "success");
    const [evaluation] = await evaluations(world, "sales");
    assert.equal(evaluation?.description, "1 of 3 rows has a value in shop that is not in shops.name");
    assert.deepEqual(
      evaluation.reads.map((read) => read.asset),
      ["shops"],
    );
  });
});

describe("recheck", () => {
  const quiet = {
    signal: new AbortController().signal,
    logOf: () => ({ debug() {}, info() {}, warn() {}, error() {} }),
  };

  test("asks the checks of what is current, attaches what they find and moves no pointer (N23)", async (t) => {
    const months = partitions.monthly({ start: "2024-01", end: "2024-03" });
    let good = true;
    let made = 0;
    const items = asset("items", {
      columns: Item,
      partitions: months,
      checks: [check.notNull("id"), check.rowCount({ max: 3 }, { scope: "asset", name: "few" })],
      run: () => {
        made += 1;
        return one;
      },
    });
    const sound = assetCheck("sound", {
      asset: items,
      run: (_, { partition }) => ({ passed: good, description: `asked of ${partition.key}` }),
    });
    const world = await openWorld(t, { items, sound });
    await world.materialize({});
    const before = await world.pieces("items");
    const { context } = world.world.open;
    const head = await context.state.catalog.head(context.scope);

    good = false;
    const partitionsAsked = { from: "2024-02", to: "2024-03" };
    const result = await recheck({ selection: "items", partitions: partitionsAsked }, context, quiet);
    assert.deepEqual(
      result.evaluations.map(({ partition, check: name, passed }) => [partition, name, passed]),
      [
        ["2024-02", "not null id", true],
        ["2024-02", "sound", false],
        ["2024-03", "not null id", true],
        ["2024-03", "sound", false],
        [undefined, "few", true],
      ],
    );
    assert.equal(made, 3);
    assert.deepEqual(await world.pieces("items"), before);
    const after = await context.state.catalog.head(context.scope);
    assert.deepEqual([after.number, after.recheck], [head.number, head.recheck + 1]);

    const { evaluations: history } = await showCheck({ asset: "items", check: "sound", limit: 10 }, context);
    assert.deepEqual(
      history.slice(0, 2).map(({ partition, passed, runId, version }) => [partition, passed, runId, version]),
      [
        ["2024-03", false, undefined, "published"],
        ["2024-02", false, undefined, "published"],
      ],
    );
    assert.deepEqual(
      history.slice(2).map(({ passed, runId }) => [passed, typeof runId]),
      [1, 2, 3].map(() => [true, "string"]),
    );
    const events = await context.state.events.read(context.scope, { limit: 1000 });
    assert.equal(
      events.filter(({ type, runId }) => type === "check.evaluated" && runId === undefined).length,
      5,
    );
  });

  test("compares with what was current before, and finds what has grown old (N19, N23)", async (t) => {
    let content: readonly Item[] = [...one, ...one];
    const items = asset("items", {
      columns: Item,
      codeVersion: "1",
      checks: [check.rowCountChange({ max: 0.9 }), check.freshness({ maxAge: "200ms" }, { blocking: false })],
      run: () => content,
    });
    const world = await openWorld(t, { items });
    await world.materialize({});
    content = one;
    await world.materialize({});
    const { context } = world.world.open;
    await sleep(300);
    const { evaluations: found } = await recheck({ selection: "items" }, context, quiet);
    assert.deepEqual(
      found.map(({ passed }) => passed),
      [true, false],
    );
    assert.equal(found[0]?.description, "1 row after 2, −50 %; allowed is −90 % to +90 %");
    assert.match(found[1]?.description ?? "", /it was made .* ago; at most 200 ms is allowed/);
  });

  test("an asset that was never materialized is named", async (t) => {
    const items = asset("items", { columns: Item, checks: [check.notNull("id")], run: () => one });
    const world = await openWorld(t, { items });
    const result = await recheck({ selection: "items" }, world.world.open.context, quiet);
    assert.deepEqual([result.evaluations, result.missing], [[], ["items"]]);
  });
});
