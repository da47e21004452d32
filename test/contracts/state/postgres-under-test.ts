import type { TestContext } from "node:test";
import { Client } from "pg";
import type { State } from "../../../src/ports/state.ts";
import { PostgresDatabase } from "../../../src/storage/postgres/driver.ts";
import { openPostgresState } from "../../../src/storage/postgres/open.ts";
import { testDatabase } from "../../postgres-server.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";

/** One database for the tests of a file, which run one after the other: emptying it takes a tenth of making one. */
let database: Promise<string> | undefined;

export const postgresUnderTest: DatabaseUnderTest = {
  name: "PostgreSQL",
  async make(t: TestContext) {
    database ??= testDatabase({ name: "state contract" });
    const url = await database;
    const closedAfter = <T extends { close(): Promise<void> }>(opened: T): T => {
      t.after(() => opened.close());
      return opened;
    };
    const execute = async (sql: string) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    };
    await execute("drop schema public cascade; create schema public");
    return {
      address: url,
      execute,
      open: async () => closedAfter<State>(await openPostgresState({ url })),
      openDriver: async () => closedAfter(new PostgresDatabase({ url })),
    };
  },
};
