import type { TestContext } from "node:test";
import type { State } from "../../../src/ports/state.ts";
import type { Database } from "../../../src/storage/database/database.ts";

export type Rows = readonly Readonly<Record<string, unknown>>[];

/** An empty database of one test. Everything opened on it is closed with the test. */
export interface TestDatabase {
  /** Another handle, as another process would have it. */
  open(): Promise<State>;
  /** The driver below the state, for tests of transactions. */
  openDriver(): Promise<Database>;
  /** Runs a statement beside the state, on a connection of its own; gives its rows. */
  execute(sql: string): Promise<Rows>;
  /** The same for several, one after another on one connection. */
  executeAll(statements: readonly string[]): Promise<readonly Rows[]>;
  /** What a child process needs to open it: a path or a URL. */
  readonly address: string;
}

/** A kind of database that keeps the contract. */
export interface DatabaseUnderTest {
  readonly name: string;
  /** Its transactions live in a server: that a client of it is killed at one place is like at any other. */
  readonly isServer: boolean;
  make(t: TestContext): Promise<TestDatabase>;
}
