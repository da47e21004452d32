import type { State } from "../../ports/state.ts";
import { openState } from "../state.ts";
import { SqliteDatabase, type SqliteOptions } from "./driver.ts";

/** State in one file, for the processes of one machine; or in memory, for one process as long as it lives. */
export async function openSqliteState(options: SqliteOptions): Promise<State> {
  return openState(await SqliteDatabase.open(options));
}
