import type { Dialect } from "./dialect.ts";
import type { Script } from "./script.ts";

/** What each database brings: running scripts. Everything else is written once, above it. */
export interface Database {
  readonly dialect: Dialect;
  /** Reads without a transaction: each statement sees what is committed when it runs. */
  read<T>(script: () => Script<T>): Promise<T>;
  /**
   * Runs the script in one transaction; when the promise resolves, it is durable. May call `script` again when the
   * database gave way to another transaction.
   */
  write<T>(script: () => Script<T>): Promise<T>;
  close(): Promise<void>;
}
