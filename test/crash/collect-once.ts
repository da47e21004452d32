import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { collectGarbage } from "../../src/control/retention/collect-garbage.ts";

/** Run as a process of its own, so that it can be killed: collects, then prints what went. */
const open = await openProject(await loadProject(process.argv[2] ?? "."));
const collection = await collectGarbage(open.context);
await open.close();
process.stdout.write(`${JSON.stringify(collection)}\n`);
