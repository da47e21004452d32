/**
 * What is asked of assets with many partitions, in turn, in one process: `ask.ts <partitions> <partitions of a version>
 * <rounds> <folder> [database URL]`. One round before those that count warms up.
 */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { listAssets } from "../../src/control/assets/list-assets.ts";
import { outlineMaterialization } from "../../src/control/planning/plan-materialization.ts";
import { CatalogView } from "../../src/core/catalog/catalog-view.ts";
import { giveResult } from "../measure/give-result.ts";
import { interleave } from "../measure/interleave.ts";
import { publishVersions } from "./publish-versions.ts";

const [partitions = "", width = "", rounds = "", work = "", url] = process.argv.slice(2);
const folder = resolve(work);
process.env["BENCH_PARTITIONS"] = partitions;
const loaded = await loadProject(fileURLToPath(new URL("./project", import.meta.url)));
const open = await openProject(loaded, {
  variables: { MILLRACE_STATE: url ?? join(folder, "state"), MILLRACE_DATA: join(folder, "data") },
});
const { context } = open;
const { state, scope } = context;
const published = [];
for (const asset of context.graph.order) published.push(await publishVersions(asset, Number(width), context));

const timed = (work: () => Promise<unknown>) => async (): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};
const file = join(folder, "state", "state.db");
const bare = url === undefined ? new DatabaseSync(file, { readOnly: true }) : undefined;
const pointers =
  bare?.prepare(`select p.asset_id, p.range_from, p.range_to, v.id, v.data_version, v.code_version
  from pointer p join version v on v.id = p.version_id where p.valid_to is null order by p.asset_id, p.range_from`);
const measured = await interleave(Number(rounds) + 1, {
  snapshot: timed(async () => {
    const { number } = await state.catalog.head(scope);
    return new CatalogView(number, await state.catalog.current(scope, number));
  }),
  status: timed(() => listAssets(undefined, context)),
  stalePlan: timed(() => outlineMaterialization({ selection: "*", staleOnly: true }, context)),
  plan: timed(() => outlineMaterialization({ selection: "*" }, context)),
  bare: timed(async () => pointers?.all()),
});
bare?.close();
// Closing takes what is in the log into the database.
await open.close();
const stateBytes = url === undefined ? statSync(file).size : undefined;
giveResult({
  ...Object.fromEntries(Object.entries(measured).map(([side, times]) => [side, times.slice(1)])),
  publishing: published.map(({ versions, milliseconds }) => (versions / milliseconds) * 1000),
  versions: published.reduce((sum, { versions }) => sum + versions, 0),
  stateBytes,
});
