import type { TestContext } from "node:test";
import type { State } from "../../../src/ports/state.ts";
import type { Database } from "../../../src/storage/database/database.ts";

/** An empty database of one test. Everything opened on it is closed with the test. */
export interface TestDatabase {
  /** Another handle, as another process would have it. */
  open(): Promise<State>;
  /** The driver below the state, for tests of transactions. */
  openDriver(): Promise<Database>;
  /** Runs a statement beside the state, on a connection of its own; gives its rows. */
  execute(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What a child process needs to open it: a path or a URL. */
  readonly address: string;
}

/** A kind of database that keeps the contract. */
export interface DatabaseUnderTest {
  readonly name: string;
  make(t: TestContext): Promise<TestDatabase>;
}
