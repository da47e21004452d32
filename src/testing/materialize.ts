import { materialize as materializeSelection } from "../control/runs/materialize.ts";
import { isExternal } from "../core/asset/asset-definition.ts";
import type { AnyAsset } from "../core/asset/asset-types.ts";
import type { AssetCheck } from "../core/check/asset-check.ts";
import { isAssetCheck } from "../core/check/check-definition.ts";
import type { RunConfig } from "../core/config/run-config.ts";
import type { PartitionKeyOf } from "../core/partition/partition-types.ts";
import { definitionOf } from "./definition-of.ts";
import { clockAt } from "./fake-clock.ts";
import { seedPrevious } from "./seed-previous.ts";
import type { RunTestOptions } from "./test-options.ts";
import { testProject } from "./test-project.ts";
import { testRun, type TestRun } from "./test-run.ts";
import { openTestWorld } from "./test-world.ts";

/**
 * Materializes assets in memory, as a test needs it: no server, no state left behind. Whatever they depend on and is
 * not given is materialized too.
 *
 * @returns also for a run that failed; look at `status`, or have `assertSucceeded` do so
 * @throws CONFIG_INVALID and what else keeps a run from beginning
 * @example
 * await using run = await materialize([dailyDelays], { given: [given(flights, rows, { partition: "2001-01" })] });
 * run.assertSucceeded();
 * assert.deepEqual(await run.rows(dailyDelays), [{ day: "2001-01-01", origin: "SFO", flights: 2, mean_delay: 3.5 }]);
 */
export async function materialize<const A extends readonly AnyAsset[]>(
  assets: A,
  options: RunTestOptions & {
    readonly partition?: PartitionKeyOf<A[number]["partitions"]>;
    /**
     * What the run is given: `{ assets: { pages: { count: 3 } } }`. Defaults else. Secrets are given as they are, and
     * `{ $env: "NAME" }` stands for a variable.
     */
    readonly config?: RunConfig;
    /** Checks defined on their own (`assetCheck`) that are to run too. */
    readonly checks?: readonly AssetCheck<string>[];
  } = {},
): Promise<TestRun> {
  const { config, partition, signal } = options;
  const checks: readonly unknown[] = options.checks ?? [];
  const clock = clockAt(options.now);
  const made = testProject(
    {
      assets: assets.map((asset) => definitionOf(asset, "one of the assets to materialize")),
      assetChecks: checks.filter(isAssetCheck),
      partition,
    },
    options,
  );
  const before = await seedPrevious(options.previous, made.project, clock);
  const world = await openTestWorld(made.project, process.cwd(), clock, before);
  try {
    const selection = made.project.assets
      .filter((asset) => !isExternal(asset))
      .map((asset) => `key:${asset.key}`);
    const { outcome } = await materializeSelection(
      { selection: selection.join(" "), ...(config === undefined ? {} : { config }) },
      world.open.context,
      signal === undefined ? {} : { signal },
    );
    return await testRun({ world, outcome, what: "The materialization", made });
  } catch (error) {
    await world.close();
    throw error;
  }
}
