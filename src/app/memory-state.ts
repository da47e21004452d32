import type { State } from "../ports/state.ts";

/** State that ends with the process: for tests. */
export async function memoryState(): Promise<State> {
  const { openSqliteState } = await import("../storage/sqlite/open.ts");
  return openSqliteState({ path: ":memory:" });
}
