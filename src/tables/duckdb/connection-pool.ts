import type { DuckDBInstance } from "@duckdb/node-api";
import { EngineConnection } from "./engine-connection.ts";

/**
 * Connections are lent to one user at a time. How many there are is bounded by the slots for queries, and for reads
 * that are streamed to TypeScript by how many of those are open: a stream that waits for its consumer holds a
 * connection but no slot, so that a step can read and write at once without waiting for itself.
 */
export class ConnectionPool {
  readonly #instance: DuckDBInstance;
  readonly #idle: EngineConnection[] = [];
  readonly #all = new Set<EngineConnection>();
  readonly #keep: number;
  #closed = false;

  constructor(instance: DuckDBInstance, keep: number) {
    this.#instance = instance;
    this.#keep = keep;
  }

  /** To be given back by {@link giveBack}. The one used last is warmest, so it comes first. */
  async take(): Promise<EngineConnection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const connection = await EngineConnection.open(this.#instance);
    this.#all.add(connection);
    return connection;
  }

  giveBack(connection: EngineConnection): void {
    if (!this.#closed && this.#idle.length < this.#keep) {
      this.#idle.push(connection);
      return;
    }
    this.#all.delete(connection);
    connection.close();
  }

  forgetView(view: string): void {
    for (const connection of this.#all) connection.forgetView(view);
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) {
      this.#all.delete(connection);
      connection.close();
    }
  }
}
