import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset, check, externalAsset, partitions, source } from "millrace";
import * as z from "zod";
import { createEnvironment, listEnvironments, showEnvironment } from "../../../src/control/environments.ts";
import { listAssets } from "../../../src/control/assets/list-assets.ts";
import { listChecks } from "../../../src/control/checks/list-checks.ts";
import { listRuns } from "../../../src/control/runs/list-runs.ts";
import { listVersions } from "../../../src/control/versions/list-versions.ts";
import { outlineMaterialization } from "../../../src/control/planning/plan-materialization.ts";
import { recheck } from "../../../src/control/checks/recheck.ts";
import { report } from "../../../src/control/sources/report.ts";
import { rollBack } from "../../../src/control/snapshots/roll-back.ts";
import { showAsset } from "../../../src/control/assets/show-asset.ts";
import { showCheck } from "../../../src/control/checks/show-check.ts";
import { showRun } from "../../../src/control/runs/show-run.ts";
import { listSnapshots, pinSnapshot } from "../../../src/control/snapshots/snapshots.ts";
import { why } from "../../../src/control/staleness/why.ts";
import { explainPlan } from "../../../src/core/plan/explain-plan.ts";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { openProcesses, type Process } from "../whole-asset-checks/processes.ts";

const days = partitions.daily({ start: "2024-01-01", end: "2024-01-03" });
const Day = z.object({ id: z.int(), day: z.iso.date() });
const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const by = { by: "ada", reason: "to see" };

/** Of everything that can go well or wrong with an asset, one. `stop` is called while `last` is made, until it is `go`. */
function definitions(world: { price: number; broken: boolean; ran: string[]; stop?: () => void }): object {
  const told = externalAsset("told", { file: "text/plain", source: source.reported() });
  const daily = asset("daily", {
    columns: Day,
    partitions: days,
    codeVersion: "1",
    checks: [check.unique("id"), check.rowCount({ min: 2 }, { blocking: false, severity: "warn" })],
    run: (_, { partition, metadata }) => {
      world.ran.push(`daily ${partition.key}`);
      metadata({ price: world.price });
      return [{ id: world.price, day: partition.key }];
    },
  });
  const fails = asset("fails", {
    value: z.int(),
    codeVersion: "1",
    run: () => {
      throw new Error("no such luck");
    },
  });
  const below = asset("below", { value: z.int(), deps: { fails }, run: ({ fails }) => fails.get() });
  const rejected = asset("rejected", {
    columns: Day,
    codeVersion: "1",
    checks: [check.rowCount({ max: 1 })],
    run: () => [1, 2].slice(world.broken ? 0 : 1).map((id) => ({ id, day: "2024-01-01" })),
  });
  const first = asset("first", {
    value: z.int(),
    codeVersion: "1",
    run: () => {
      world.ran.push("first");
      return world.price;
    },
  });
  const last = asset("last", {
    value: z.int(),
    codeVersion: "1",
    deps: { first },
    run: async ({ first }, { checkpoint, signal }) => {
      const half = await checkpoint("half", async () => {
        world.ran.push("half");
        return (await first.get()) / 2;
      });
      if (world.stop !== undefined) {
        world.stop();
        await new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true }),
        );
      }
      return half * 2;
    },
  });
  return { told, daily, fails, below, rejected, first, last };
}

/** All that can be asked of a project, without what tells its history. */
async function answers({ open: { context } }: Process): Promise<Readonly<Record<string, unknown>>> {
  const { runs } = await listRuns({ limit: 100 }, context);
  const keys = [...context.graph.byKey.keys()];
  const made = keys.filter((key) => key !== "told");
  const each = async <T>(names: readonly string[], ask: (name: string) => Promise<T>): Promise<unknown> =>
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, await ask(name)] as const)));
  const environments = await listEnvironments(context);
  return {
    assets: await listAssets(undefined, context),
    before: await listAssets(undefined, context, "1"),
    details: await each(keys, (key) => showAsset(key, context)),
    why: await each(keys, (key) => why(key, context)),
    versions: await each(made, (key) => listVersions({ key, limit: 100 }, context)),
    runs,
    steps: await each(
      runs.map(({ id }) => id),
      async (id) => ({ ...(await showRun(id, context)), events: undefined }),
    ),
    checks: await listChecks({}, context),
    history: await showCheck({ asset: "daily", check: "row count", limit: 100 }, context),
    snapshots: await listSnapshots({ limit: 100 }, context),
    environments,
    own: await each(
      environments.map(({ name }) => name),
      (name) => showEnvironment(name, context),
    ),
    plan: explainPlan((await outlineMaterialization({ selection: "*", staleOnly: true }, context)).outline),
  };
}

export function truthInTables(database: DatabaseUnderTest): void {
  suite(`without any of its events, ${database.name}`, () => {
    test("answers every question as before, goes on with an interrupted run, and repeats nothing that was noted (N33)", async (t) => {
      const world: Parameters<typeof definitions>[0] = { price: 5, broken: false, ran: [] };
      const [process] = await openProcesses(t, database, definitions(world));
      assert.ok(process);
      const { context } = process.open;
      const told = { key: "told", dataVersion: "v1", by: "maker", idempotencyKey: "one" };
      await report(told, context);
      await process.materialize({});
      world.price = 7;
      world.broken = true;
      await process.materialize({ selection: "daily rejected" });
      await rollBack(
        { selection: "daily", partitions: { from: "2024-01-02", to: "2024-01-02" }, ...by },
        context,
      );
      await process.materialize({ selection: "daily", partitions: { from: "2024-01-02", to: "2024-01-02" } });
      await recheck({ selection: "daily" }, context, { signal: t.signal, logOf: () => silent });
      await pinSnapshot({ name: "before", at: "1", ...by }, context);
      await createEnvironment({ name: "trial", at: "1" }, context);
      const cancel = new AbortController();
      world.stop = () => cancel.abort();
      await process.materialize({ selection: "first last" }, { signal: cancel.signal });
      delete world.stop;

      const before = await answers(process);
      const head = await context.state.events.head(context.scope);
      assert.ok(head > 50);
      await process.execute("delete from event");
      assert.deepEqual(await context.state.events.read(context.scope, {}), []);
      assert.deepEqual(await answers(process), before);

      world.ran = [];
      let continued: number | undefined;
      const { outcome } = await process.materialize(
        { selection: "first last" },
        { onStart: (start) => (continued = start.continued) },
      );
      assert.equal(outcome?.status, "success");
      assert.equal(continued, 1, "the step that was committed is kept");
      assert.deepEqual(world.ran, [], "and so is what the other had reached");
      assert.equal((await report(told, context)).repeated, true);
      const [next] = await context.state.events.read(context.scope, { limit: 1 });
      assert.ok((next?.position ?? 0) > head, "no position is given twice");
    });
  });
}
