import type { DatabaseUnderTest } from "./database-under-test.ts";
export function environmentsContract(database: DatabaseUnderTest): void {
  void database;
}
