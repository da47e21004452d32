import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { openReading } from "../../src/app/open-reading.ts";
import { compact } from "../../src/control/compaction/compact.ts";

/** Run as a process of its own, so that it can be killed: compacts into packs of ten, then prints what it did. */
const open = await openProject(await loadProject(process.argv[2] ?? "."));
const reading = await openReading(open);
const limits = { targetBytes: 2 ** 20, mostVersions: 10 };
const compaction = await compact({ selection: "*", limits }, open.context, reading);
await reading.close();
await open.close();
process.stdout.write(`${JSON.stringify(compaction)}\n`);
