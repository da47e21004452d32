import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { Database } from "../database/database.ts";
import { translate } from "../database/dialect.ts";
import type { Row, Script, Statement } from "../database/script.ts";
import { sqliteDialect } from "./dialect.ts";

export interface SqliteOptions {
  /** A file, made if it is not there, or `:memory:`. */
  readonly path: string;
  /** How long another process may keep the database locked before it counts as unavailable, in milliseconds. 5,000. */
  readonly lockTimeoutMs?: number;
}

/** SQLite waits for a lock by blocking the thread; this short, and then between tries the event loop goes on. */
const blockingWaitMs = 20;

export class SqliteDatabase implements Database {
  readonly dialect = sqliteDialect;
  readonly #connection: DatabaseSync;
  readonly #lockTimeoutMs: number;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(connection: DatabaseSync, lockTimeoutMs: number) {
    this.#connection = connection;
    this.#lockTimeoutMs = lockTimeoutMs;
  }

  static async open({ path, lockTimeoutMs = 5000 }: SqliteOptions): Promise<SqliteDatabase> {
    let connection: DatabaseSync;
    try {
      connection = new DatabaseSync(path, { timeout: blockingWaitMs, enableForeignKeyConstraints: true });
    } catch (error) {
      throw unavailable(error);
    }
    const database = new SqliteDatabase(connection, lockTimeoutMs);
    try {
      // Changing the journal needs the database for itself, and does not wait for it by the timeout.
      await database.#whenUnlocked(() => {
        connection.exec("pragma journal_mode = wal");
        // An fsync for each commit: what was acknowledged survives a power cut too (0.23 ms on an SSD).
        connection.exec("pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -16000");
      });
    } catch (error) {
      connection.close();
      throw translated(error);
    }
    return database;
  }

  async read<T>(script: () => Script<T>): Promise<T> {
    try {
      return this.#drive(script());
    } catch (error) {
      throw translated(error);
    }
  }

  async write<T>(script: () => Script<T>): Promise<T> {
    try {
      const begun = this.#begin();
      // Unlocked, as nearly always: no turn of the event loop is spent.
      if (!begun) await this.#whenUnlocked(() => this.#connection.exec("begin immediate"));
      return this.#transact(script());
    } catch (error) {
      throw translated(error);
    }
  }

  async close(): Promise<void> {
    if (this.#connection.isOpen) this.#connection.close();
  }

  #begin(): boolean {
    try {
      this.#prepared("begin immediate").run();
      return true;
    } catch (error) {
      if (isLocked(error)) return false;
      throw error;
    }
  }

  #transact<T>(script: Script<T>): T {
    try {
      const result = this.#drive(script);
      this.#prepared("commit").run();
      return result;
    } catch (error) {
      // A failed commit may have ended the transaction already.
      if (this.#connection.isTransaction) this.#prepared("rollback").run();
      throw error;
    }
  }

  #drive<T>(script: Script<T>): T {
    let turn = script.next();
    while (turn.done !== true) turn = script.next(this.#rows(turn.value));
    return turn.value;
  }

  #rows({ text, params }: Statement): readonly Row[] {
    return this.#prepared(text).all(...params);
  }

  #prepared(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#connection.prepare(translate(sqliteDialect, text));
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** Tries until the lock is free. Waiting in SQLite is unfair; a random pause gives everyone a turn. */
  async #whenUnlocked(action: () => void): Promise<void> {
    const until = performance.now() + this.#lockTimeoutMs;
    for (;;) {
      try {
        action();
        return;
      } catch (error) {
        if (!isLocked(error) || performance.now() >= until) throw error;
      }
      await sleep(1 + Math.random() * 10);
    }
  }
}

interface SqliteError extends Error {
  readonly errcode: number;
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number";
}

/** SQLITE_BUSY and SQLITE_LOCKED, with their extended codes. */
function isLocked(error: unknown): boolean {
  return isSqliteError(error) && ((error.errcode & 0xff) === 5 || (error.errcode & 0xff) === 6);
}

/** Constraint and range violations are mistakes of ours; whatever else SQLite says means that it cannot be used now. */
const ownMistakes: ReadonlySet<number> = new Set([1, 19, 20, 25]);

function translated(error: unknown): unknown {
  if (isSqliteError(error) && !ownMistakes.has(error.errcode & 0xff)) return unavailable(error);
  if (error instanceof Error && "code" in error && error.code === "ERR_INVALID_STATE")
    return unavailable(error);
  return error;
}

function unavailable(error: unknown): MillraceError {
  return new MillraceError("STATE_UNAVAILABLE", { reason: reasonOf(error) }, { cause: error });
}
