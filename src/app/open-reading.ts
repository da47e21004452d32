import type { AssetReader } from "../ports/asset-reader.ts";
import type { TableEngine, VersionStore } from "../ports/table-engine.ts";
import type { OpenProject } from "./open-project.ts";

/** What is needed to read a project's data: by the API and by tests. */
export interface OpenReading {
  readonly tables: TableEngine;
  readonly store: VersionStore;
  readonly reader: AssetReader;
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
  return { tables, store, reader: createAssetReader(tables, store), close: () => tables.close() };
}
