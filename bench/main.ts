/**
 * `npm run bench`: every figure beside its floor, measured in turn in the same run. What is measured and how to read it:
 * bench/README.md.
 *
 *     npm run bench                       all, and bench/results anew
 *     npm run bench -- --only steps       one figure
 *     npm run bench -- --quick            small and rough; leaves bench/results alone
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { audit } from "./audit/audit.ts";
import { compaction } from "./compaction/compaction.ts";
import type { Figure, MeasuredFigure } from "./figure.ts";
import { jobs } from "./jobs/jobs.ts";
import { loading } from "./loading/loading.ts";
import { machine } from "./machine.ts";
import { WorkFolder } from "./measure/work-folder.ts";
import { partitions } from "./partitions/partitions.ts";
import { pipeline } from "./pipeline/pipeline.ts";
import { figureTable } from "./report/figure-table.ts";
import { keepResults } from "./report/results.ts";
import { serving } from "./serving/serving.ts";
import { starting } from "./starting/starting.ts";
import { steps } from "./steps/steps.ts";
import { tableStep } from "./table-step/table-step.ts";

const figures: readonly Figure[] = [
  steps,
  jobs,
  tableStep,
  audit,
  pipeline,
  partitions,
  compaction,
  serving,
  loading,
  starting,
];

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    quick: { type: "boolean", default: false },
  },
});
process.exitCode = await main(values.only, values.quick);

async function main(only: readonly string[], quick: boolean): Promise<number> {
  const unknown = only.filter((name) => !figures.some((figure) => figure.name === name));
  if (unknown.length > 0) {
    console.error(
      `there is no figure ${unknown.join(", ")}; figures are ${figures.map(({ name }) => name).join(", ")}`,
    );
    return 1;
  }
  using work = new WorkFolder();
  const facts = machine();
  for (const figure of figures) {
    if (only.length > 0 && !only.includes(figure.name)) continue;
    const load = loadavg()[0] ?? 0;
    const started = performance.now();
    const rows = await figure.measure({ quick, work });
    const measured: MeasuredFigure = { name: figure.name, title: figure.title, load, rows, machine: facts };
    console.log(`\n${figureTable(measured)}`);
    console.log(`measured in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    if (!quick) keepResults(measured);
  }
  return 0;
}
