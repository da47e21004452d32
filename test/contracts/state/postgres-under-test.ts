import type { TestContext } from "node:test";
import { Client } from "pg";
import type { State } from "../../../src/ports/state.ts";
import { PostgresDatabase } from "../../../src/storage/postgres/driver.ts";
import { openPostgresState } from "../../../src/storage/postgres/open.ts";
import { testDatabase } from "../../postgres-server.ts";
import type { DatabaseUnderTest, Rows } from "./database-under-test.ts";

/** One database for the tests of a file, which run one after the other: emptying it takes a tenth of making one. */
let database: Promise<string> | undefined;

export const postgresUnderTest: DatabaseUnderTest = {
  name: "PostgreSQL",
  isServer: true,
  async make(t: TestContext) {
    database ??= testDatabase({ name: "state contract" });
    const url = await database;
    const closedAfter = <T extends { close(): Promise<void> }>(opened: T): T => {
      t.after(() => opened.close());
      return opened;
    };
    const executeAll = async (statements: readonly string[]): Promise<readonly Rows[]> => {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        const answers = [];
        for (const sql of statements) answers.push((await client.query<Record<string, unknown>>(sql)).rows);
        return answers;
      } finally {
        await client.end();
      }
    };
    const execute = async (sql: string): Promise<Rows> => (await executeAll([sql]))[0] ?? [];
    await execute("drop schema public cascade; create schema public");
    return {
      address: url,
      execute,
      executeAll,
      open: async () => closedAfter<State>(await openPostgresState({ url })),
      openDriver: async () => closedAfter(new PostgresDatabase({ url })),
    };
  },
};
