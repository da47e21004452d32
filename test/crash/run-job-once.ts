import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { runJob } from "../../src/control/jobs/run-job.ts";

/** Run as a process of its own, so that it can be killed: runs a job, then prints what happened. */
const [, , folder = ".", job = ""] = process.argv;
const open = await openProject(await loadProject(folder));
let continued: number | undefined;
const { outcome } = await runJob({ job }, open.context, {
  onStart: (start) => {
    ({ continued } = start);
  },
});
await open.close();
process.stdout.write(`${JSON.stringify({ outcome, continued })}\n`);
