import type * as z from "zod";
import type { Covariant, Tagged } from "../brand.ts";
import type { Sql } from "../sql/sql.ts";

/** A query that has not run. Not a promise on purpose: giving it back must not run it. */
export interface Query<out Row> extends Tagged<"query">, Covariant<Row> {
  rows(): Promise<Row[]>;
  /** Streams: memory stays flat whatever the size. */
  batches(): AsyncIterable<Row[]>;
}

/** The rows of a table asset at the snapshot of the run or request. Interpolated in `sql`, it stands for the table. */
export interface TableHandle<out Row> extends Tagged<"table-handle">, Covariant<Row> {
  /** All of them at once, or `limit` of them at most. */
  rows(options?: { limit?: number }): Promise<Row[]>;
  /** As they are read, `size` (2,048 when absent) at a time: memory stays flat whatever the size. */
  batches(options?: { size?: number }): AsyncIterable<Row[]>;
  count(): Promise<number>;
  /** A statement over this and the other dependencies; with a schema its rows are typed and checked. */
  query<S extends z.core.$ZodObject>(statement: Sql<string>, as: S): Query<z.output<S>>;
  query(statement: Sql<string>): Query<Record<string, unknown>>;
}

/** The JSON value of a value asset, at the snapshot of the run or request. */
export interface ValueHandle<out V> extends Tagged<"value-handle"> {
  /** Parsed by the asset's schema. @throws ASSET_NOT_MATERIALIZED, SCHEMA_CHANGED when it was written by another schema */
  get(): Promise<V>;
  /** Equal for equal content: what an answer may name. */
  readonly dataVersion: string;
}

/** The values of several partitions. */
export interface ValuesHandle<out V> extends Tagged<"values-handle"> {
  entries(): AsyncIterable<[partition: string, value: V]>;
}

/** The bytes of a file asset, at the snapshot of the run or request. */
export interface FileHandle<out Loaded = never> extends Tagged<"file-handle"> {
  /** A local path to read from; never to be written to. */
  path(): Promise<string>;
  bytes(): Promise<Uint8Array>;
  text(): Promise<string>;
  /** What the file type's `load` gives; kept, so that it is loaded once per version and process. */
  load(): Promise<Loaded>;
  /** Equal for equal content: what an answer may name. */
  readonly dataVersion: string;
}
