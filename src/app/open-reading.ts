import type { AssetReader } from "../ports/asset-reader.ts";
import type { TableEngine, VersionStore } from "../ports/table-engine.ts";
import type { OpenProject } from "./open-project.ts";

/** What is needed to read a project's data: by the API and by tests. */
export interface OpenReading {
  readonly tables: TableEngine;
  readonly store: VersionStore;
  readonly reader: AssetReader;
  /**
   * What an op gave in a step of a run that has succeeded.
   *
   * @throws VERSION_CORRUPT when a large value is gone or damaged
   */
  gave(runId: string, step: string): Promise<unknown>;
  close(): Promise<void>;
}

/** An engine for many small queries: each on one thread, so that equal requests give equal bytes (N28). */
export async function openReading(open: OpenProject): Promise<OpenReading> {
  const [{ openTableEngine }, { openDirectoryStore }, { createAssetReader }] = await Promise.all([
    import("../tables/duckdb/open-table-engine.ts"),
    import("../tables/directory-store.ts"),
    import("../tables/reader/asset-reader.ts"),
  ]);
  const tables = await openTableEngine({ mode: "serve" });
  const store = openDirectoryStore({ root: open.data });
  return {
    tables,
    store,
    reader: createAssetReader(tables, store),
    async gave(runId, step) {
      const [{ StepValues }, { Redactor }] = await Promise.all([
        import("../engine/graph/step-values.ts"),
        import("../core/config/redactor.ts"),
      ]);
      const options = { state: open.context.state, store };
      return new StepValues({ runId, options, redactor: new Redactor([]) }).read(step);
    },
    close: () => tables.close(),
  };
}
