import { availableParallelism } from "node:os";
import type { EngineOptions } from "../engine/engine-options.ts";
import type { CheckRunner } from "../ports/check-runner.ts";
import type { ResourcePool } from "../ports/resource-pool.ts";
import type { RunLauncher } from "../ports/run-launcher.ts";
import { lazyTableEngine } from "./lazy-table-engine.ts";
import type { StateAddress } from "./state-address.ts";
import { systemClock } from "./system-clock.ts";
import type { ClosableWatch } from "./watch/watch-from-thread.ts";

type World = Omit<
  EngineOptions,
  "tables" | "store" | "reader" | "resources" | "watch" | "concurrency" | "report"
> & {
  /** Folder of the data. */
  readonly data: string;
  readonly openResources: () => Promise<ResourcePool>;
  /** Where its state can be opened once more; nowhere when only this process has it. */
  readonly address: StateAddress | undefined;
};

/**
 * Runs in this very process. Several steps at once: code in TypeScript interleaves, and the table engine bounds how
 * many of its own queries run.
 */
export function inProcessLauncher(world: World): RunLauncher & CheckRunner & { close(): Promise<void> } {
  let opened: Promise<EngineOptions> | undefined;
  let watch: ClosableWatch | undefined;
  const open = async (): Promise<EngineOptions> => {
    const { address, state, openResources } = world;
    const [resources, { openDirectoryStore }, { createAssetReader }, { watchInThread }] = await Promise.all([
      openResources(),
      import("../tables/directory-store.ts"),
      import("../tables/reader/asset-reader.ts"),
      import("../engine/watch-in-thread.ts"),
    ]);
    // A lease lapses by the database's clock, whatever time this project is told that it is.
    const inThread = watchInThread(state.runs, systemClock);
    if (address !== undefined) {
      const { watchFromThread } = await import("./watch/watch-from-thread.ts");
      watch = watchFromThread(address, state.runs, inThread);
    }
    const tables = lazyTableEngine(async () => {
      const { openTableEngine } = await import("../tables/duckdb/open-table-engine.ts");
      return openTableEngine({ mode: "batch" });
    });
    const store = openDirectoryStore({ root: world.data });
    const reader = createAssetReader(tables, store);
    return {
      ...world,
      tables,
      store,
      reader,
      resources,
      watch: watch ?? inThread,
      concurrency: Math.max(8, availableParallelism()),
      report: () => undefined,
    };
  };
  return {
    async launch(request) {
      const { executeRun } = await import("../engine/execute-run.ts");
      return executeRun(request, await (opened ??= open()));
    },
    async recheck(request) {
      const { recheck } = await import("../engine/checks/recheck.ts");
      return recheck(request, await (opened ??= open()));
    },
    async checkMoves(request) {
      const { checkMoves } = await import("../engine/checks/check-moves.ts");
      return checkMoves(request, await (opened ??= open()));
    },
    async discard(versions) {
      if (versions.length === 0) return;
      const { store } = await (opened ??= open());
      for (const { asset, versionId } of versions) await store.remove(asset, versionId);
    },
    async close() {
      const engine = await opened?.catch(() => undefined);
      await Promise.all([watch?.close(), engine?.tables.close()]);
    },
  };
}
