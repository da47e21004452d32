/** Loads a project in this process, then opens its state twice: `load-generated.ts <folder>`. */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { giveResult } from "../measure/give-result.ts";

const [folder = ""] = process.argv.slice(2);
// As the command line does.
enableCompileCache(join(folder, "compiled"));
const started = performance.now();
const { loadProject } = await import("../../src/app/load-project.ts");
const loaded = await loadProject(folder);
const loading = performance.now() - started;

const { openProject } = await import("../../src/app/open-project.ts");
const open = async (): Promise<number> => {
  const began = performance.now();
  const project = await openProject(loaded, { variables: { MILLRACE_STATE: join(folder, "state") } });
  const milliseconds = performance.now() - began;
  await project.close();
  return milliseconds;
};
giveResult({ loading, firstOpen: await open(), secondOpen: await open() });
