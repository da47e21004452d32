import type { TestContext } from "node:test";
import { defineProject } from "millrace";
import {
  materialize,
  type MaterializeOptions,
  type Materialized,
} from "../../../src/control/runs/materialize.ts";
import {
  outlineMaterialization,
  type MaterializeRequest,
} from "../../../src/control/planning/plan-materialization.ts";
import { runJob, type JobRequest } from "../../../src/control/jobs/run-job.ts";
import type { RunOutcome } from "../../../src/core/run/run-progress.ts";
import { CatalogView } from "../../../src/core/catalog/catalog-view.ts";
import type { VersionPiece } from "../../../src/core/catalog/catalog-view.ts";
import { explainPlan } from "../../../src/core/plan/explain-plan.ts";
import { projectDefinition } from "../../../src/core/project/project.ts";
import type { TableHandle, ValueHandle } from "../../../src/core/asset/handle.ts";
import { readHandle } from "../../../src/testing/read-handle.ts";
import { openTestWorld, type TestWorld } from "../../../src/testing/test-world.ts";

export interface World {
  readonly world: TestWorld;
  readonly materialize: (
    request: Partial<MaterializeRequest>,
    options?: MaterializeOptions,
  ) => Promise<Materialized>;
  readonly runJob: (request: JobRequest, options?: MaterializeOptions) => Promise<RunOutcome>;
  /** What a materialization would do, in words. */
  readonly explain: (request: Partial<MaterializeRequest>) => Promise<readonly string[]>;
  readonly rows: (key: string) => Promise<readonly object[]>;
  readonly value: (key: string) => Promise<unknown>;
  readonly pieces: (key: string) => Promise<readonly VersionPiece[]>;
  readonly snapshot: () => Promise<number>;
}

/**
 * A project of these definitions over real state and a real engine, in a folder that goes when the test ends.
 *
 * @param before The same project with other code, whose state and data it goes on from
 */
export async function openWorld(
  t: TestContext,
  definitions: object,
  directory = process.cwd(),
  before?: World,
): Promise<World> {
  const project = projectDefinition(defineProject({ name: "world", definitions: [definitions] }));
  if (project === undefined) throw new Error("no project");
  const world = await openTestWorld(project, directory, undefined, before?.world);
  t.after(() => world.close());
  const { context } = world.open;
  const handle = async (key: string): Promise<object> => {
    const asset = context.graph.byKey.get(key);
    if (asset === undefined) throw new Error(`no asset ${key}`);
    return readHandle(asset, world);
  };
  return {
    world,
    materialize: (request, options) => materialize({ selection: "*", ...request }, context, options),
    async runJob(request, options) {
      const { outcome } = await runJob(request, context, options);
      if (outcome === undefined) throw new Error("there was nothing to do");
      return outcome;
    },
    explain: async (request) =>
      explainPlan((await outlineMaterialization({ selection: "*", ...request }, context)).outline),
    rows: async (key) => ((await handle(key)) as TableHandle<object>).rows(),
    value: async (key) => ((await handle(key)) as ValueHandle<unknown>).get(),
    pieces: async (key) => {
      const { number } = await context.state.catalog.head(context.scope);
      const view = new CatalogView(number, await context.state.catalog.current(context.scope, number));
      const asset = context.known.get(key);
      return asset === undefined ? [] : view.pieces(asset);
    },
    snapshot: async () => (await context.state.catalog.head(context.scope)).number,
  };
}
