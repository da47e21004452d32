import { materialize as materializeSelection } from "../control/runs/materialize.ts";
import { isAsset, type AssetDefinition } from "../core/asset/asset-definition.ts";
import type { AnyAsset, FileAsset, TableAsset, ValueAsset } from "../core/asset/asset-types.ts";
import type { FileHandle, TableHandle, ValueHandle } from "../core/asset/handle.ts";
import type { AssetCheck } from "../core/check/asset-check.ts";
import { isAssetCheck } from "../core/check/check-definition.ts";
import type { CheckEvaluation } from "../core/check/evaluation.ts";
import type { RunConfig } from "../core/config/run-config.ts";
import { MillraceError } from "../core/errors.ts";
import type { PartitionKeyOf } from "../core/partition/partition-types.ts";
import type { RunEvent } from "../core/run/event.ts";
import type { GivenAsset, GivenContent } from "./given.ts";
import { givenResources, type TestResource } from "./instead.ts";
import { readHandle } from "./read-handle.ts";
import { seedPrevious } from "./seed-previous.ts";
import { testProject } from "./test-project.ts";
import { openTestWorld } from "./test-world.ts";
import type { StoredMetadata } from "../core/metadata/metadata-value.ts";

export interface TestOptions {
  /** Contents of assets: nothing upstream of them is needed. What is not given is made from what it depends on. */
  readonly given?: readonly GivenAsset[];
  /**
   * Instances in place of resources, made by `instead`, and what resources are configured with, by their `with`. Without
   * either a resource is opened with the defaults of its config.
   */
  readonly resources?: readonly TestResource[];
  /** What time it is; now when absent. */
  readonly now?: Date | string;
}

/* oxlint-disable no-explicit-any -- any partitioning is meant; variance forbids unknown here */
/** What a run in a test did, and its results. Reads see what was published. */
export interface MaterializeResult extends AsyncDisposable {
  readonly status: "success" | "failure" | "canceled";
  readonly failures: readonly { readonly step: string; readonly reason: string; readonly code: string }[];
  readonly events: readonly RunEvent[];
  readonly checks: readonly CheckEvaluation[];
  rows<Row>(asset: TableAsset<string, Row, any>): Promise<Row[]>;
  value<V>(asset: ValueAsset<string, V, any>): Promise<V>;
  load<L>(asset: FileAsset<string, L, any>): Promise<L>;
  /** What the asset kept about its newest version. */
  metadata(asset: AnyAsset): Promise<StoredMetadata>;
  /** Frees memory and files now rather than at the end of the process. */
  close(): Promise<void>;
}
/* oxlint-enable no-explicit-any */

/**
 * Materializes assets in memory, as a test needs it: no server, no state left behind. Whatever they depend on and is
 * not given is materialized too.
 *
 * @returns also for a run that failed; look at `status`
 * @throws CONFIG_INVALID and what else keeps a run from beginning
 * @example
 * await using run = await materialize([dailyDelays], { given: [given(flights, rows, { partition: "2001-01" })] });
 * assert.equal(run.status, "success");
 * assert.deepEqual(await run.rows(dailyDelays), [{ day: "2001-01-01", origin: "SFO", flights: 2, mean_delay: 3.5 }]);
 */
export async function materialize<const A extends readonly AnyAsset[]>(
  assets: A,
  options: TestOptions & {
    readonly partition?: PartitionKeyOf<A[number]["partitions"]>;
    /**
     * What the run is given: `{ assets: { pages: { count: 3 } } }`. Defaults else. Secrets are given as they are, and
     * `{ $env: "NAME" }` stands for a variable.
     */
    readonly config?: RunConfig;
    /** Checks defined on their own (`assetCheck`) that are to run too. */
    readonly checks?: readonly AssetCheck<string>[];
    /**
     * Rows that assets with `write: "append"` have so far, made by `given`; none when absent. The run reads them as
     * `previous` and adds to them.
     */
    readonly previous?: readonly GivenAsset[];
  } = {},
): Promise<MaterializeResult> {
  const targets = assets.map(definitionOf);
  const partition: string | undefined = options.partition;
  const given: readonly unknown[] = options.checks ?? [];
  const assetChecks = given.filter(isAssetCheck);
  const contents = contentsOf(options.given);
  const previous = contentsOf(options.previous);
  const resources = givenResources(options.resources);
  const made = testProject({
    targets,
    endpoints: [],
    contents,
    assetChecks,
    partition,
    previous,
    resources,
  });
  const before = await seedPrevious(previous, made.project, nowOf(options));
  const world = await openTestWorld(made.project, process.cwd(), nowOf(options), before);
  const selection = made.project.assets
    .filter((asset) => asset.body.body !== "external")
    .map((asset) => `key:${asset.key}`);
  const { config } = options;
  const { outcome } = await materializeSelection(
    { selection: selection.join(" "), ...(config === undefined ? {} : { config }) },
    world.open.context,
  ).catch(async (error: unknown) => {
    await world.close();
    throw error;
  });
  const { state, scope, known } = world.open.context;
  const runId = outcome?.runId;
  const events = runId === undefined ? [] : await state.events.read(scope, { runId, limit: 100_000 });
  // Rejected versions too: those are the ones whose checks are worth looking at.
  const staged = events.flatMap((event) => (event.type === "version.staged" ? [event.data.versionId] : []));
  const checks = await state.catalog.evaluations(scope, staged);
  const handle = (asset: AnyAsset): Promise<object> => readHandle(made.standIn(definitionOf(asset)), world);
  const close = (): Promise<void> => world.close();
  return {
    status: outcome?.status ?? "success",
    failures: outcome?.failed ?? [],
    events,
    checks,
    rows: async <Row>(asset: AnyAsset) => ((await handle(asset)) as TableHandle<Row>).rows(),
    value: async <V>(asset: AnyAsset) => ((await handle(asset)) as ValueHandle<V>).get(),
    load: async <L>(asset: AnyAsset) => ((await handle(asset)) as FileHandle<L>).load(),
    async metadata(asset) {
      const assetId = known.get(asset.key)?.assetId ?? -1;
      const [newest] = await state.catalog.versions(scope, assetId, 1);
      return newest?.metadata ?? {};
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

export function contentsOf(given: readonly GivenAsset[] = []): readonly GivenContent[] {
  return given as readonly (GivenAsset & GivenContent)[];
}

export function nowOf(options: TestOptions): number | undefined {
  return options.now === undefined ? undefined : new Date(options.now).getTime();
}

function definitionOf(asset: AnyAsset): AssetDefinition {
  const definition: unknown = asset;
  if (isAsset(definition)) return definition;
  throw new MillraceError("INVALID_OPTION", {
    what: "materialize",
    key: "assets",
    reason: "one of them is no asset",
  });
}
