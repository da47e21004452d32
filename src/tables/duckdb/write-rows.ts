import { rm } from "node:fs/promises";
import { DuckDBDataChunk, type DuckDBAppender, type DuckDBType } from "@duckdb/node-api";
import type { Column } from "../../core/column/column.ts";
import { quoteName } from "../../core/column/engine-type.ts";
import { MillraceError } from "../../core/errors.ts";
import type { Row } from "../../ports/table-engine.ts";
import { text } from "../sql/literal.ts";
import { intakeOf, type Intake } from "../wire/intake.ts";
import { copyTo, newFile } from "./parquet-file.ts";
import type { FaultError, Lease, Session } from "./session.ts";

export interface RowsWrite {
  readonly from: AsyncIterable<readonly Row[]>;
  readonly columns: readonly Column[];
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

/** Rows of a vector, the unit in which the engine takes values. */
const vectorRows = 2048;
/** Rows and (roughly) bytes of text that are held before they go to a file of their own. */
const segmentRows = 60 * vectorRows;
const segmentBytes = 64 * 1024 * 1024;

/**
 * Writes rows from TypeScript. They gather in a table in memory; when that is full it goes to a segment file, and in
 * the end the segments are copied into one file. So memory stays flat however long the stream is.
 */
export async function writeRows(
  session: Session,
  { from, columns, path, signal }: RowsWrite,
  mismatch: FaultError,
): Promise<{ rowCount: number; bytes: number }> {
  const lease = await session.lease([], { signal }, mismatch);
  const segments: string[] = [];
  try {
    const gathering = new Gathering(lease, columns, mismatch);
    await lease.run(() => gathering.open());
    const bytes = await newFile(path, async () => {
      for await (const batch of from) {
        if (signal?.aborted === true) throw new MillraceError("CANCELED");
        for (const row of batch) {
          gathering.add(row);
          if (!gathering.full) continue;
          const segment = `${path}.segment-${segments.length}`;
          segments.push(segment);
          await lease.run(() => gathering.moveTo(segment));
        }
      }
      if (signal?.aborted === true) throw new MillraceError("CANCELED");
      if (segments.length === 0) return lease.run(() => gathering.moveTo(path));
      const last = `${path}.segment-${segments.length}`;
      segments.push(last);
      await lease.run(() => gathering.moveTo(last));
      const files = segments.map(text).join(", ");
      await lease.run(async () => {
        await lease.connection.duckdb.run(copyTo(`select * from read_parquet([${files}])`, path));
      });
    });
    return { rowCount: gathering.rowCount, bytes };
  } finally {
    lease.end();
    for (const segment of segments) await rm(segment, { force: true });
  }
}

/** The rows that have come and are not in a file yet. */
class Gathering {
  rowCount = 0;
  readonly #lease: Lease;
  readonly #columns: readonly Column[];
  readonly #mismatch: FaultError;
  readonly #intakes: readonly Intake[];
  readonly #types: readonly DuckDBType[];
  #vectors: unknown[][];
  #appender: DuckDBAppender | undefined;
  #held = 0;
  #heldBytes = 0;

  constructor(lease: Lease, columns: readonly Column[], mismatch: FaultError) {
    this.#lease = lease;
    this.#columns = columns;
    this.#mismatch = mismatch;
    this.#intakes = columns.map(intakeOf);
    this.#types = this.#intakes.map(({ type }) => type);
    this.#vectors = columns.map(() => []);
  }

  async open(): Promise<void> {
    const { duckdb } = this.#lease.connection;
    const list = this.#intakes.map(({ type }, index) => `c${index} ${String(type)}`);
    await duckdb.run(`create or replace temp table incoming (${list.join(", ")})`);
    this.#appender = await duckdb.createAppender("incoming", "main", "temp");
  }

  get full(): boolean {
    return this.#held >= segmentRows || this.#heldBytes >= segmentBytes;
  }

  add(row: Row): void {
    this.rowCount += 1;
    const names = Object.keys(row);
    for (const [index, column] of this.#columns.entries()) {
      const value = row[column.name];
      const taken = this.#intakes[index]?.take(value);
      if (taken === undefined) this.#refuse(column, value);
      if (typeof taken?.value === "string") this.#heldBytes += taken.value.length;
      this.#vectors[index]?.push(taken?.value);
    }
    if (names.length > this.#columns.length) this.#refuseExtra(names);
    this.#held += 1;
    if (this.#vectors[0]?.length === vectorRows) this.#append();
  }

  /** Writes what is held to a file and starts afresh. */
  async moveTo(path: string): Promise<void> {
    this.#append();
    this.#appender?.closeSync();
    const list = this.#columns.map(
      (column, index) => `${this.#intakes[index]?.stored(`c${index}`) ?? ""} as ${quoteName(column.name)}`,
    );
    await this.#lease.connection.duckdb.run(
      copyTo(`select ${list.join(", ")} from temp.main.incoming`, path),
    );
    await this.open();
    this.#held = 0;
    this.#heldBytes = 0;
  }

  #append(): void {
    const rows = this.#vectors[0]?.length ?? 0;
    if (rows === 0) return;
    const chunk = DuckDBDataChunk.create(this.#types, rows);
    for (const [index, values] of this.#vectors.entries()) chunk.setColumnValues(index, values as never);
    this.#appender?.appendDataChunk(chunk);
    this.#vectors = this.#columns.map(() => []);
  }

  #refuse(column: Column, value: unknown): never {
    const wanted = this.#intakes.find((_, index) => this.#columns[index] === column)?.wants ?? "";
    throw this.#mismatch(
      `row ${this.rowCount.toLocaleString("en-US")}: the column ${column.name} is ${shown(value)}, and it takes ${wanted}`,
    );
  }

  #refuseExtra(names: readonly string[]): never {
    const extra = names.find((name) => !this.#columns.some((column) => column.name === name));
    throw this.#mismatch(
      `row ${this.rowCount.toLocaleString("en-US")} has ${extra ?? "a column"}, which is not declared`,
    );
  }
}

/** A value in a message: what it is, and its beginning. */
function shown(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "missing";
    case "string":
      return `the string ${JSON.stringify(value.slice(0, 40))}`;
    case "number":
    case "bigint":
    case "boolean":
      return `the ${typeof value} ${String(value)}`;
    default:
  }
  if (value === null) return "null";
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "an invalid Date" : `the Date ${value.toISOString()}`;
  }
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
