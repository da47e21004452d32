import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { materialize } from "../../src/control/materialize.ts";

/** Run as a process of its own, so that it can be killed: materializes everything, then prints what happened. */
const open = await openProject(await loadProject(process.argv[2] ?? "."));
let continued: number | undefined;
const { outcome } = await materialize({ selection: "*" }, open.context, {
  onStart: (start) => {
    continued = start.continued;
  },
});
await open.close();
process.stdout.write(`${JSON.stringify({ outcome, continued })}\n`);
