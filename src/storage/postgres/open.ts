import type { State } from "../../ports/state.ts";
import { openState } from "../state.ts";
import { PostgresDatabase, type PostgresOptions } from "./driver.ts";

/** State in a PostgreSQL database, for the processes of many machines. */
export async function openPostgresState(options: PostgresOptions): Promise<State> {
  return openState(new PostgresDatabase(options));
}
