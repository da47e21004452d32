/**
 * Table steps and bare COPYs of the same rows in turn, in one process: `alternate.ts <rows> <rounds> <folder>`. One round
 * before those that count warms both up.
 */
import { open as openFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { materialize } from "../../src/control/runs/materialize.ts";
import { giveResult } from "../measure/give-result.ts";
import { interleave } from "../measure/interleave.ts";
import { rowsSql } from "./sql.ts";

const [rows = 0, rounds = 0] = process.argv.slice(2, 4).map(Number);
const folder = process.argv[4] ?? "";
process.env["BENCH_ROWS"] = String(rows);
process.env["BENCH_TABLES"] = String(rounds + 1);

const loaded = await loadProject(fileURLToPath(new URL("./project", import.meta.url)));
const project = await openProject(loaded, {
  variables: { MILLRACE_STATE: join(folder, "state"), MILLRACE_DATA: join(folder, "data") },
});
const instance = await DuckDBInstance.create(":memory:");
const duckdb = await instance.connect();

let step = 0;
let copy = 0;
const measured = await interleave(rounds + 1, { ours: tableStep, bare: copyAndSync });
giveResult({ ours: measured.ours.slice(1), bare: measured.bare.slice(1) });
await project.close();
duckdb.closeSync();
instance.closeSync();

/** From the run's start until the step is durable: starting, writing, reading back for the data version, committing. */
async function tableStep(): Promise<number> {
  let started = 0;
  let ended = 0;
  await materialize({ selection: `table_${step}` }, project.context, {
    onStart: () => (started = performance.now()),
    report: ({ progress }) => {
      if (progress === "step.succeeded") ended = performance.now();
    },
  });
  step += 1;
  if (ended === 0) throw new Error("the step did not succeed");
  return ended - started;
}

async function copyAndSync(): Promise<number> {
  const path = join(folder, `bare-${copy}.parquet`);
  const started = performance.now();
  await duckdb.run(
    `copy (${rowsSql(rows, copy)}) to '${path}' (format parquet, compression zstd, row_group_size 122880, use_tmp_file false)`,
  );
  await sync(path);
  await sync(folder);
  copy += 1;
  return performance.now() - started;
}

async function sync(path: string): Promise<void> {
  await using handle = await openFile(path, "r");
  await handle.sync();
}
