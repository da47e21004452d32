import type { Database } from "../../../src/storage/database/database.ts";
import type { Row, Script, Statement } from "../../../src/storage/database/script.ts";

/** A database on which the world ends, on demand, between two statements of what is written. */
export class BreakingDatabase implements Database {
  readonly dialect;
  readonly #database: Database;
  readonly #end: () => void;
  #left = Infinity;

  /** @param end what happens then: it throws, or ends the process */
  constructor(database: Database, end: () => void) {
    this.dialect = database.dialect;
    this.#database = database;
    this.#end = end;
  }

  /** So many statements are answered from now on, of however many transactions. */
  breakAfter(statements: number): void {
    this.#left = statements;
  }

  read<T>(script: () => Script<T>): Promise<T> {
    return this.#database.read(script);
  }

  write<T>(script: () => Script<T>): Promise<T> {
    return this.#database.write(() => this.#counted(script()));
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  *#counted<T>(script: Script<T>): Script<T> {
    let step = script.next();
    while (step.done !== true) {
      const rows: readonly Row[] = yield step.value satisfies Statement;
      if (this.#left === 0) this.#end();
      this.#left -= 1;
      step = script.next(rows);
    }
    return step.value;
  }
}
