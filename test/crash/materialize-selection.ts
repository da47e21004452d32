import { parseDuration } from "../../src/core/duration.ts";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { materialize } from "../../src/control/runs/materialize.ts";

/** Run as a process of its own: materializes a selection of a project, then prints what happened. */
const [, , folder = ".", selection = "*"] = process.argv;
const open = await openProject(await loadProject(folder));
const timeoutMs = parseDuration(process.env["RUN_LIMIT"] ?? "");
const { outcome } = await materialize(
  { selection },
  open.context,
  timeoutMs === undefined ? {} : { timeoutMs },
);
await open.close();
process.stdout.write(`${JSON.stringify({ outcome })}\n`);
