import type { CheckAnswer } from "../core/check/check-answer.ts";
import type { CheckRule } from "../core/check/check-definition.ts";
import type { Column } from "../core/column/column.ts";
import type { PartitionRange } from "../core/partition/range.ts";
import type { SqlTree, TableRef } from "../core/sql/sql-tree.ts";

/** Rows that belong together because they were written alike, of one schema. */
export type TablePart =
  | {
      readonly part: "files";
      readonly files: readonly string[];
      /** The schema they were written with, which may be older than the one they are read with (N6). */
      readonly columns: readonly Column[];
      /** Whose files they are, and how long together: damage is found before they are read, and named. */
      readonly of?: { readonly version: string; readonly partition?: string; readonly bytes?: number };
    }
  | {
      /** Some rows of a file that holds others, too, by their places in it: `from` ≤ place < `to`. */
      readonly part: "rows";
      readonly file: string;
      readonly from: number;
      readonly to: number;
      readonly columns: readonly Column[];
      /** Whose rows they are, and how long the file is. */
      readonly of?: { readonly version: string; readonly partition?: string; readonly bytes?: number };
    }
  | {
      readonly part: "external";
      readonly format: "parquet" | "csv";
      readonly path: string;
      /** The path as its author wrote it, for messages. */
      readonly shown?: string;
      readonly header?: boolean;
    };

/** What a table reference stands for at one snapshot: the declared columns over some parts. */
export interface TableSource {
  /** Of the asset, for messages; the SQL may call the table by its last segment. */
  readonly key: string;
  readonly columns: readonly Column[];
  readonly parts: readonly TablePart[];
  /** Equal ids stand for equal sources, so that the engine can keep what it prepared. */
  readonly id: string;
}

/** A statement and all it needs to be rendered. */
export interface Statement {
  readonly sql: SqlTree;
  /** Throws SQL_UNKNOWN_TABLE for a table that is not a dependency. */
  source(table: TableRef): TableSource;
  /** The values of `partitions.start`, `.end`, `.key`; absent outside a partitioned step. */
  readonly partition?: { readonly key: string; readonly start?: Date; readonly end?: Date } | undefined;
}

export type Row = Readonly<Record<string, unknown>>;

export interface WriteResult {
  readonly rowCount: number;
  readonly bytes: number;
}

type CountedRule = Extract<
  CheckRule,
  { readonly rule: "not_null" | "unique" | "accepted" | "range" | "row_count" }
>;

/** A question about a table's rows, put to the engine as SQL. All of one audit are answered in one pass where possible. */
export type AuditRule = (
  | CountedRule
  /** Passes when the statement gives no row. */
  | { readonly rule: "no_rows"; readonly statement: Statement }
  /** Passes when each row's values in `columns` stand in a row of `source`, in its columns `others`. */
  | {
      readonly rule: "references";
      readonly columns: readonly string[];
      readonly source: TableSource;
      readonly others: readonly string[];
    }
  /** Passes when the newest value is at most so old. */
  | { readonly rule: "freshness"; readonly column: string; readonly maxAgeMs: number; readonly now: number }
) & {
  /** Of what needs a query of its own; it has failed then. */
  readonly timeLimitMs?: number | undefined;
};

export interface AuditRequest {
  readonly source: TableSource;
  readonly rules: readonly AuditRule[];
  readonly signal?: AbortSignal | undefined;
}

export interface Audit {
  readonly rowCount: number;
  /** `algorithm:rows:sum₁:sum₂` (N3). */
  readonly dataVersion: string;
  /** One for each rule asked, in that order. */
  readonly answers: readonly CheckAnswer[];
  /** Values that break the declared columns (nullability, refinements, NaN); empty when all is well. */
  readonly violations: readonly string[];
}

/** One of the tables that lie in a pack. */
export interface PackMember {
  readonly parts: readonly TablePart[];
  /** As it was counted when the table was made. */
  readonly rowCount: number;
}

/** Tables of equal columns that are to lie in one file. */
export interface PackRequest {
  /** Of the asset, for messages. */
  readonly key: string;
  readonly columns: readonly Column[];
  /** In that order; the rows of each in the order in which they are read from its parts. */
  readonly members: readonly PackMember[];
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Packed {
  readonly bytes: number;
  /** One for each member, read back from the file. */
  readonly members: readonly {
    /** `algorithm:rows:sum₁:sum₂` (N3). */
    readonly dataVersion: string;
    /** The same rows in the same order as in its parts, which were read once more for that. */
    readonly same: boolean;
  }[];
}

export interface QueryLimits {
  /** Milliseconds; the query is interrupted then, with QUERY_TIMED_OUT. */
  readonly timeLimitMs?: number | undefined;
  /** More rows than that: TOO_MANY_ROWS. */
  readonly maxRows?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer as the bytes of a response body. */
export interface Encoded {
  readonly body: Buffer;
  readonly rowCount: number;
  /** False when the SQL (or a view in it) used a function whose result is not fixed by its input: now(), random(). N27 */
  readonly deterministic: boolean;
  /** With `keep`: were there rows beyond it? */
  readonly more?: boolean;
  /** Values of `lastOf` columns in the last row, as their JSON values; absent without rows. */
  readonly last?: Row;
}

export interface EncodeRequest extends QueryLimits {
  readonly statement: Statement;
  /** What the answer must look like; checked and converted in the engine. RESPONSE_INVALID when it does not fit. */
  readonly columns: readonly Column[];
  readonly format: "json" | "csv";
  /** A list, or one object (then `body` is empty when there is no row). JSON only. */
  readonly shape: "list" | "one";
  /** Columns whose values in the last row are wanted back. */
  readonly lastOf?: readonly string[];
  /** Give this many rows at most and drop the rest: for pages. `more` says whether there was a rest. */
  readonly keep?: number;
}

/**
 * Where SQL runs. Knows nothing of assets, versions or state: it is given sources and statements. Concurrent use is
 * fine; the engine bounds how many queries run at once and queues the others for a short while (OVERLOADED after that).
 */
export interface TableEngine {
  /**
   * Runs the statement (or takes the rows) and writes exactly the declared columns, by name and type, to one Parquet
   * file at `path`, which must not exist; fsyncs the file and its directory. RESULT_MISMATCH names what does not fit.
   */
  write(request: {
    readonly from: Statement | AsyncIterable<readonly Row[]>;
    readonly columns: readonly Column[];
    readonly path: string;
    readonly signal?: AbortSignal | undefined;
    /** What writes it, for the message of RESULT_MISMATCH. */
    readonly step?: string;
  }): Promise<WriteResult>;
  /**
   * Copies tables into one Parquet file at `path`, which must not exist; fsyncs the file and its directory. The first row
   * of each lies after the last of the one before.
   */
  pack(request: PackRequest): Promise<Packed>;
  /** Reads the bytes that were really written. */
  audit(request: AuditRequest): Promise<Audit>;
  /** Asks the rules of what is known otherwise: without its data version and violations. */
  check(request: AuditRequest): Promise<Pick<Audit, "rowCount" | "answers">>;
  /** Rows as JavaScript values by the wire-format table; columns of the statement when `columns` is absent. */
  rows(
    request: QueryLimits & { readonly statement: Statement; readonly columns?: readonly Column[] },
  ): Promise<Row[]>;
  batches(
    request: QueryLimits & {
      readonly statement: Statement;
      readonly columns?: readonly Column[];
      readonly size?: number;
    },
  ): AsyncIterable<Row[]>;
  encode(request: EncodeRequest): Promise<Encoded>;
  /** Binds the statement without running it: SQL_FAILED or RESPONSE_INVALID when it cannot give these columns. */
  prepare(request: { readonly statement: Statement; readonly columns?: readonly Column[] }): Promise<void>;
  /** Which columns each statement reads of each table, by the key of its source; found without any of the rows. */
  columnsRead(statements: readonly Statement[]): Promise<readonly ReadonlyMap<string, ReadonlySet<string>>[]>;
  close(): Promise<void>;
}

/** Where versions lie. Names in `files` are this store's own; only it reads them (N1). */
export interface VersionStore {
  readonly name: string;
  /** A fresh place for a version's file, its directory made; the path contains the version's id (N2). */
  place(
    asset: string,
    versionId: string,
    range: PartitionRange,
    extension: string,
  ): Promise<{ file: string; path: string }>;
  /** The local path of a file of this store; VERSION_CORRUPT when it is gone. */
  path(file: string): string;
  /** Writes and fsyncs. */
  write(path: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<number>;
  /** Of those files that are there. */
  bytesOf(files: readonly string[]): Promise<number>;
  /** Removes files, and the folders that are empty then; harmless where there is nothing. Gives the bytes of those there were. */
  removeFiles(files: readonly string[]): Promise<number>;
  /**
   * Files that lie under the id of a version which is not among the living ones. `living` is asked about many ids at
   * once. What does not lie where this store puts things is none of its business.
   */
  strays(living: (ids: readonly string[]) => Promise<ReadonlySet<string>>): AsyncIterable<StrayFile>;
  /** Removes everything that lies under a version's id; harmless when there is nothing. */
  remove(asset: string, versionId: string): Promise<void>;
}

/** A file under an id that no living version has. */
export interface StrayFile {
  readonly file: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}
