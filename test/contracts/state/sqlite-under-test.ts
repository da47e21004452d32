import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestContext } from "node:test";
import type { State } from "../../../src/ports/state.ts";
import { SqliteDatabase } from "../../../src/storage/sqlite/driver.ts";
import { openSqliteState } from "../../../src/storage/sqlite/open.ts";
import type { DatabaseUnderTest, Rows } from "./database-under-test.ts";

export const sqliteUnderTest: DatabaseUnderTest = {
  name: "SQLite",
  isServer: false,
  async make(t: TestContext) {
    const directory = await mkdtemp(join(tmpdir(), "millrace-state-"));
    t.after(() => rm(directory, { recursive: true, force: true }));
    const path = join(directory, "state.db");
    const closedAfter = <T extends { close(): Promise<void> }>(opened: T): T => {
      t.after(() => opened.close());
      return opened;
    };
    const executeAll = async (statements: readonly string[]): Promise<readonly Rows[]> => {
      const connection = new DatabaseSync(path, { timeout: 2000 });
      try {
        return statements.map((sql) => connection.prepare(sql).all());
      } finally {
        connection.close();
      }
    };
    return {
      address: path,
      open: async () => closedAfter<State>(await openSqliteState({ path })),
      openDriver: async () => closedAfter(await SqliteDatabase.open({ path })),
      execute: async (sql) => (await executeAll([sql]))[0] ?? [],
      executeAll,
    };
  },
};
