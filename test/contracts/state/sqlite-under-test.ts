import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestContext } from "node:test";
import type { State } from "../../../src/ports/state.ts";
import { SqliteDatabase } from "../../../src/storage/sqlite/driver.ts";
import { openSqliteState } from "../../../src/storage/sqlite/open.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";

export const sqliteUnderTest: DatabaseUnderTest = {
  name: "SQLite",
  async make(t: TestContext) {
    const directory = await mkdtemp(join(tmpdir(), "millrace-state-"));
    t.after(() => rm(directory, { recursive: true, force: true }));
    const path = join(directory, "state.db");
    const closedAfter = <T extends { close(): Promise<void> }>(opened: T): T => {
      t.after(() => opened.close());
      return opened;
    };
    return {
      address: path,
      open: async () => closedAfter<State>(await openSqliteState({ path })),
      openDriver: async () => closedAfter(await SqliteDatabase.open({ path })),
      async execute(sql) {
        const connection = new DatabaseSync(path, { timeout: 2000 });
        try {
          return connection.prepare(sql).all();
        } finally {
          connection.close();
        }
      },
    };
  },
};
