/**
 * The main module of an API process: the only one in `millrace dev` that runs user code. It says once whether the
 * project loads, serves it on a private socket, and never outlives its parent.
 */
import module from "node:module";
import { Worker } from "node:worker_threads";
import { reportError } from "../../core/error-report.ts";
import type { ApiFailed, ApiReady, ApiStart, ApiStop } from "./api-message.ts";

module.enableCompileCache();

// Ctrl-C reaches every process of the terminal; the parent decides when this one ends.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit(0));
// User code that never lets go of the thread would keep it from noticing.
new Worker(new URL("./parent-watch.ts", import.meta.url), { workerData: process.ppid }).unref();

process.once("message", (start: ApiStart) => {
  serve(start).catch((error: unknown) => {
    const failed: ApiFailed = { message: "failed", report: reportError(error) };
    process.send?.(failed, () => process.exit(1));
  });
});

async function serve({ directory, socketPath, tokens }: ApiStart): Promise<void> {
  const [{ loadProject }, { openProject }, { serveProject }] = await Promise.all([
    import("../load-project.ts"),
    import("../open-project.ts"),
    import("../serve-project.ts"),
  ]);
  const loaded = await loadProject(directory);
  const open = await openProject(loaded);
  const server = await serveProject(open, {
    host: "127.0.0.1",
    port: 0,
    socketPath,
    tokens,
    exposeFailures: true,
  });
  process.once("message", (_: ApiStop) => {
    void server
      .close()
      .then(() => open.close())
      .finally(() => process.exit(0));
  });
  const { project } = loaded;
  const ready: ApiReady = {
    message: "ready",
    project: project.name,
    assets: project.assets.length,
    endpoints: project.endpoints.map(({ route, name }) => ({ route, name })),
    written: [open.data],
  };
  process.send?.(ready);
}
