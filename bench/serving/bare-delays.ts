import { availableParallelism } from "node:os";
import { DuckDBInstance, type DuckDBPreparedStatement } from "@duckdb/node-api";
import type { delaysRequest } from "./request.ts";

const query = (file: string): string => `
  select concat(
    '{"day":"', cast(day as varchar), '","origin":', to_json(origin), ',"flights":', cast(flights as varchar),
    ',"mean_delay":', cast(mean_delay as varchar), ',"late_share":', cast(late_share as varchar), '}')
  from read_parquet('${file}')
  where origin = $1 and day >= cast($2 as date) and day <= cast($3 as date)
  order by day`;

/**
 * The endpoint's answer through the driver alone: a prepared statement on each of a few warm connections, as many as
 * Millrace uses, on an engine with the same settings. The engine writes the JSON; nothing is checked.
 */
export class BareDelays {
  readonly #instance: DuckDBInstance;
  readonly #idle: DuckDBPreparedStatement[];
  readonly #waiting: ((statement: DuckDBPreparedStatement) => void)[] = [];

  private constructor(instance: DuckDBInstance, statements: DuckDBPreparedStatement[]) {
    this.#instance = instance;
    this.#idle = statements;
  }

  static async open(file: string): Promise<BareDelays> {
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const statements: DuckDBPreparedStatement[] = [];
    for (let count = 0; count < availableParallelism(); count += 1) {
      const connection = await instance.connect();
      await connection.run("set global parquet_metadata_cache = true");
      statements.push(await connection.prepare(query(file)));
    }
    return new BareDelays(instance, statements);
  }

  async json({ iata, from, to }: Readonly<Record<keyof typeof delaysRequest, string>>): Promise<string> {
    const statement =
      this.#idle.pop() ??
      (await new Promise<DuckDBPreparedStatement>((resolve) => this.#waiting.push(resolve)));
    try {
      statement.bindVarchar(1, iata);
      statement.bindVarchar(2, from);
      statement.bindVarchar(3, to);
      const result = await statement.run();
      const rows: unknown[] = [];
      for (let index = 0; index < result.chunkCount; index += 1) {
        const chunk = result.getChunk(index);
        const vector = chunk.getColumnVector(0);
        for (let row = 0; row < chunk.rowCount; row += 1) rows.push(vector.getItem(row));
      }
      return `[${rows.join(",")}]`;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(statement);
      else next(statement);
    }
  }

  close(): void {
    for (const statement of this.#idle) statement.destroySync();
    this.#instance.closeSync();
  }
}
