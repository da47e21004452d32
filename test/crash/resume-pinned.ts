import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { resumeRun } from "../../src/control/runs/resume-run.ts";

/** Run as a process of its own: goes on with a run, by the code that it was launched with. */
const [, , folder = ".", runId = "", code] = process.argv;
const open = await openProject(await loadProject(folder, code === undefined ? {} : { code }));
const outcome = await resumeRun(runId, open.context);
await open.close();
process.stdout.write(`${JSON.stringify({ outcome, again: [] })}\n`);
