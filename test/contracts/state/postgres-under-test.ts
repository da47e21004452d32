import type { TestContext } from "node:test";
import { Client } from "pg";
import type { State } from "../../../src/ports/state.ts";
import { PostgresDatabase } from "../../../src/storage/postgres/driver.ts";
import { openPostgresState } from "../../../src/storage/postgres/open.ts";
import { testDatabase } from "../../postgres-server.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";

export const postgresUnderTest: DatabaseUnderTest = {
  name: "PostgreSQL",
  async make(t: TestContext) {
    const url = await testDatabase(t);
    const closedAfter = <T extends { close(): Promise<void> }>(opened: T): T => {
      t.after(() => opened.close());
      return opened;
    };
    return {
      address: url,
      open: async () => closedAfter<State>(await openPostgresState({ url })),
      openDriver: async () => closedAfter(new PostgresDatabase({ url })),
      async execute(sql) {
        const client = new Client({ connectionString: url });
        await client.connect();
        try {
          return (await client.query<Record<string, unknown>>(sql)).rows;
        } finally {
          await client.end();
        }
      },
    };
  },
};
