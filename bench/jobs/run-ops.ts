/** One durable run of trivial ops on fresh state: `run-ops.ts <steps> <fan_out|beside|chain> <folder or database URL>`. */
import { fileURLToPath } from "node:url";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { runJob } from "../../src/control/jobs/run-job.ts";
import { giveResult } from "../measure/give-result.ts";

const [steps = "", job = "", state = ""] = process.argv.slice(2);
process.env["BENCH_STEPS"] = steps;
process.env["BENCH_JOB"] = job;
const loaded = await loadProject(fileURLToPath(new URL("./project", import.meta.url)));
const open = await openProject(loaded, {
  variables: { MILLRACE_STATE: state, MILLRACE_DATA: `${import.meta.dirname}/../.tmp/no-data` },
});
const started = performance.now();
const { outcome } = await runJob({ job }, open.context);
const milliseconds = performance.now() - started;
await open.close();
if (outcome?.status !== "success" || outcome.succeeded !== Number(steps)) throw new Error("the run failed");
giveResult({ milliseconds });
