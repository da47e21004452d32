/**
 * The same question of ten thousand partitions and of the same rows in one file, in turn, in one process, before and after
 * compaction: `ask.ts <partitions> <rounds> <folder>`. Materializes them first.
 */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { openReading } from "../../src/app/open-reading.ts";
import { compact } from "../../src/control/compaction/compact.ts";
import { materialize } from "../../src/control/runs/materialize.ts";
import { readableParts } from "../../src/core/catalog/readable-part.ts";
import { knownAsset } from "../../src/core/plan/known-asset.ts";
import { SqlTree } from "../../src/core/sql/sql-tree.ts";
import type { ReadableAsset } from "../../src/ports/asset-reader.ts";
import { giveResult } from "../measure/give-result.ts";
import { interleave } from "../measure/interleave.ts";

const [partitions = "", rounds = "", work = ""] = process.argv.slice(2);
const folder = resolve(work);
process.env["BENCH_PARTITIONS"] = partitions;
const variables = { MILLRACE_STATE: join(folder, "state"), MILLRACE_DATA: join(folder, "data") };
const open = await openProject(await loadProject(fileURLToPath(new URL("./project", import.meta.url))), {
  variables,
});
const { context } = open;
const made = await materialize({ selection: "*" }, context);
if (made.outcome?.status !== "success") throw new Error(JSON.stringify(made.outcome));
const reading = await openReading(open);

async function readable(name: string): Promise<ReadableAsset> {
  const { state, scope, graph, known } = context;
  const asset = graph.byKey.get(name);
  if (asset === undefined) throw new Error(`there is no ${name}`);
  const { assetId, space } = knownAsset(known, asset);
  const { number } = await state.catalog.head(scope);
  const parts = readableParts(await state.catalog.current(scope, number, [assetId]), space);
  return { name, asset, parts, many: true };
}

/** As a request asks: what is current was read before, once for the snapshot. */
const asking = (asset: ReadableAsset) => async (): Promise<number> => {
  const started = performance.now();
  const read = reading.reader.read([asset], {});
  const sql = new SqlTree(
    [
      { part: "text", text: "select station, sum(value) as value, count(*) as days from " },
      { part: "table", table: { asset: asset.name } },
      { part: "text", text: " group by station order by station" },
    ],
    "many",
    [],
  );
  const rows = await reading.tables.rows({ statement: { sql, source: (table) => read.source(table) } });
  if (rows.length !== 100) throw new Error(`${rows.length} rows of ${asset.name}`);
  return performance.now() - started;
};

const together = asking(await readable("together"));
const asked = Number(rounds) + 1;
const before = await interleave(asked, { apart: asking(await readable("readings")), together });
const started = performance.now();
const compaction = await compact({ selection: "readings" }, context, reading);
const compacting = performance.now() - started;
const after = await interleave(asked, { packed: asking(await readable("readings")), together });
await reading.close();
await open.close();
giveResult({
  apart: before.apart.slice(1),
  togetherBefore: before.together.slice(1),
  packed: after.packed.slice(1),
  together: after.together.slice(1),
  compacting,
  packs: compaction.assets[0]?.packs ?? 0,
});
