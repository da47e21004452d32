import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from "@duckdb/node-api";

interface Kept {
  readonly statement: DuckDBPreparedStatement;
  /** The schemas of the views it reads. */
  readonly views: readonly string[];
}

/** Statements that one connection keeps prepared. */
const keptStatements = 200;

/** A connection with what it has prepared. Used by one query at a time. */
export class EngineConnection {
  readonly duckdb: DuckDBConnection;
  readonly #kept = new Map<string, Kept>();

  private constructor(duckdb: DuckDBConnection) {
    this.duckdb = duckdb;
  }

  static async open(instance: DuckDBInstance): Promise<EngineConnection> {
    const duckdb = await instance.connect();
    // The zone decides what a cast between zone-less times and instants means.
    await duckdb.run("set TimeZone = 'UTC'");
    return new EngineConnection(duckdb);
  }

  /** The statement for a text, prepared now or earlier; the one used longest ago makes room. */
  async prepared(text: string, views: readonly string[]): Promise<DuckDBPreparedStatement> {
    const kept = this.#kept.get(text);
    if (kept !== undefined) {
      this.#kept.delete(text);
      this.#kept.set(text, kept);
      return kept.statement;
    }
    const statement = await this.duckdb.prepare(text);
    this.#kept.set(text, { statement, views });
    if (this.#kept.size > keptStatements) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#forget(oldest);
    }
    return statement;
  }

  /** Lets go of what reads a view that is about to be dropped. */
  forgetView(view: string): void {
    for (const [text, { views }] of this.#kept) if (views.includes(view)) this.#forget(text);
  }

  #forget(text: string): void {
    this.#kept.get(text)?.statement.destroySync();
    this.#kept.delete(text);
  }

  close(): void {
    for (const text of this.#kept.keys()) this.#forget(text);
    this.duckdb.closeSync();
  }
}
