import { row } from "./error-row.ts";

/** Writing SQL, in an asset, a check or an endpoint. */
export const sqlErrors = {
  SQL_VALUE_UNSUPPORTED: row(
    "sql: the value after «{before}» is {type}, which is no bound parameter",
    500,
    "Interpolate a string, number, bigint, boolean, Date, bytes, null, a list of them, an asset or another sql fragment.",
  ),
  SQL_UNKNOWN_TABLE: row(
    "The SQL reads the asset {asset}, which is not among the dependencies",
    500,
    "List it in deps (or reads).",
  ),
  SQL_READS_OUTSIDE: row(
    "The SQL reads {what}, which is no dependency",
    500,
    "Declare it as an externalAsset and interpolate that, so that it has a lineage and a data version.",
  ),
  SQL_NO_PARTITION: row(
    "The SQL uses a partition's bounds, but runs without a partition",
    500,
    "Give the asset the same partitions.",
  ),
  SQL_NOT_A_SELECT: row("The SQL is not one SELECT statement: {reason}", 500, "Write a single SELECT."),
  SQL_FAILED: row(
    "The SQL failed: {reason}",
    500,
    "Correct the SQL; the reason is given in the engine's words.",
  ),
};
