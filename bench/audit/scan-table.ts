/**
 * The least that reading every value takes: the bare driver counts the rows, and has the sum, the least and the most of
 * each column, in a process of its own: `scan-table.ts <path>`. Opening the engine does not count.
 */
import { DuckDBInstance } from "@duckdb/node-api";
import { giveResult } from "../measure/give-result.ts";
import { columns } from "./columns.ts";

const [path = ""] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:");
const duckdb = await instance.connect();
const values = columns.flatMap(({ name, type }) => [
  `min(${name})`,
  `max(${name})`,
  ...(type.kind === "safe_integer" || type.kind === "double" ? [`sum(${name})`] : []),
]);
const started = performance.now();
const [row] = await (
  await duckdb.run(`select count(*), ${values.join(", ")} from read_parquet('${path}')`)
).getRows();
const milliseconds = performance.now() - started;
duckdb.closeSync();
instance.closeSync();
giveResult({ milliseconds, rowCount: Number(row?.[0]) });
