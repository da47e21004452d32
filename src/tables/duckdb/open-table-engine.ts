import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { MillraceError } from "../../core/errors.ts";
import type { TableEngine } from "../../ports/table-engine.ts";
import { auditTable, checkTable } from "./audit.ts";
import { columnsRead } from "./columns-read.ts";
import { encode, fittedForAnswer, invalid } from "./encode.ts";
import { packTables } from "./pack-tables.ts";
import { readBatches, readRows } from "./read.ts";
import { Session, type FaultError } from "./session.ts";
import { writeRows } from "./write-rows.ts";
import { writeStatement } from "./write-statement.ts";

export interface TableEngineOptions {
  /**
   * - `batch`: materializing; a query uses all cores, and whoever comes too many waits as long as it takes
   * - `serve`: answering requests; a query runs on one thread, so that equal data gives equal bytes (N28), and whoever
   *   waits too long is told OVERLOADED
   */
  readonly mode: "batch" | "serve";
  /** Threads of one query. Default: 1 when serving, else the number of cores. */
  readonly threads?: number;
  /** As the engine writes it: "2GB". Default: 80 % of the machine's memory. */
  readonly memoryLimit?: string;
  /** Queries that run at once. Default: the cores, but two less than the threads of Node's pool. */
  readonly maxConcurrent?: number;
  /** Queries that wait. Default: 256 when serving, else any number. */
  readonly maxQueued?: number;
  /** Milliseconds that a query waits. Default: 2,000 when serving, else without end. */
  readonly patienceMs?: number;
  /** Where large sorts spill. Made when needed, removed on close. Default: a folder of the process's own. */
  readonly tempDirectory?: string;
  /** Sources whose views are kept; beyond that the ones used longest ago are dropped. Default: 1,000. */
  readonly keptViews?: number;
  /**
   * Bytes of files whose rows are copied into memory, small tables only; several times as much of it is taken. Default:
   * 32 MiB when serving, else none.
   */
  readonly heldBytes?: number;
}

let opened = 0;

/** Opens a DuckDB engine in memory. Several may live in one process. */
export async function openTableEngine(options: TableEngineOptions): Promise<TableEngine> {
  const serving = options.mode === "serve";
  opened += 1;
  const session = await Session.open({
    threads: options.threads ?? (serving ? 1 : availableParallelism()),
    ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit }),
    tempDirectory: options.tempDirectory ?? join(tmpdir(), `millrace-spill-${process.pid}-${opened}`),
    running: options.maxConcurrent ?? defaultConcurrency(),
    waiting: options.maxQueued ?? (serving ? 256 : Infinity),
    patienceMs: options.patienceMs ?? (serving ? 2000 : Infinity),
    views: {
      views: options.keptViews ?? 1000,
      memoryBytes: options.heldBytes ?? (serving ? 32 * 1024 * 1024 : 0),
    },
  });
  return engineOver(session);
}

/** Every running query keeps a thread of Node's pool busy; files and name look-ups need some too. */
function defaultConcurrency(): number {
  const pool = Number(process.env["UV_THREADPOOL_SIZE"] ?? 4);
  return Math.max(1, Math.min(availableParallelism(), pool - 2));
}

function engineOver(session: Session): TableEngine {
  return {
    write: ({ from, step = "The step", ...rest }) => {
      const mismatch: FaultError = (reason) => new MillraceError("RESULT_MISMATCH", { step, reason });
      return Symbol.asyncIterator in from
        ? writeRows(session, { from, ...rest }, mismatch)
        : writeStatement(session, { from, ...rest }, mismatch);
    },
    pack: (request) => packTables(session, request),
    audit: (request) => auditTable(session, request),
    check: (request) => checkTable(session, request),
    rows: (request) => readRows(session, request),
    batches: (request) => readBatches(session, request),
    encode: (request) => encode(session, request),
    prepare: ({ statement, columns }) =>
      session.withStatement(statement, {}, invalid, async ({ analysis }) => {
        if (columns !== undefined) fittedForAnswer(analysis, columns);
      }),
    columnsRead,
    close: async () => session.close(),
  };
}
