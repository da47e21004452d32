import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { materialize, type RunStart } from "../../src/control/runs/materialize.ts";

/** Run as a process of its own, so that it can be killed: materializes everything, then prints what happened. */
const [, , folder = ".", ...how] = process.argv;
const open = await openProject(await loadProject(folder));
let continued: number | undefined;
let again: RunStart["again"] = [];
const request = { selection: "*", fullRefresh: how.includes("full-refresh") };
const { outcome } = await materialize(request, open.context, {
  fresh: how.includes("new"),
  ...(how.includes("step") ? { publish: "step" } : {}),
  onStart: (start) => {
    ({ continued, again } = start);
  },
});
const { state, scope } = open.context;
const published = outcome === undefined ? [] : await state.runs.snapshots(scope, outcome.runId);
await open.close();
process.stdout.write(`${JSON.stringify({ outcome, continued, again, published })}\n`);
