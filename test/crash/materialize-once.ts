import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { materialize, type RunStart } from "../../src/control/materialize.ts";

/** Run as a process of its own, so that it can be killed: materializes everything, then prints what happened. */
const open = await openProject(await loadProject(process.argv[2] ?? "."));
let continued: number | undefined;
let again: RunStart["again"] = [];
const { outcome } = await materialize({ selection: "*" }, open.context, {
  onStart: (start) => {
    ({ continued, again } = start);
  },
});
await open.close();
process.stdout.write(`${JSON.stringify({ outcome, continued, again })}\n`);
