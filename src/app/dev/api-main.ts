/**
 * The main module of an API process: the only one in `millrace dev` that runs user code. It says once whether the
 * project loads, serves it on a private socket, and never outlives its parent.
 */
import { rmSync } from "node:fs";
import module from "node:module";
import { Worker } from "node:worker_threads";
import { reportError } from "../../core/error-report.ts";
import type { ApiFailed, ApiReady, ApiStart, ApiStop } from "./api-message.ts";
import type { WatchedParent } from "./parent-watch.ts";

module.enableCompileCache();

// Ctrl-C reaches every process of the terminal; the parent decides when this one ends.
process.on("SIGINT", () => undefined);
const parent = process.ppid;
let socketFolder: string | undefined;
process.on("disconnect", () => {
  // The parent removes it when it ends by itself; when it was killed, nobody else is left to.
  if (socketFolder !== undefined) rmSync(socketFolder, { recursive: true, force: true });
  process.exit(0);
});

process.once("message", (start: ApiStart) => {
  ({ socketFolder } = start);
  // User code that never lets go of the thread would keep it from noticing.
  const watched: WatchedParent = { parent, socketFolder };
  new Worker(new URL("./parent-watch.ts", import.meta.url), { workerData: watched }).unref();
  serve(start).catch((error: unknown) => {
    const failed: ApiFailed = { message: "failed", report: reportError(error) };
    process.send?.(failed, () => process.exit(1));
  });
});

async function serve({ directory, environment, socketPath, tokens, code }: ApiStart): Promise<void> {
  const [{ loadProject }, { openProject }, { serveProject }] = await Promise.all([
    import("../load-project.ts"),
    import("../open-project.ts"),
    import("../serve-project.ts"),
  ]);
  const loaded = await loadProject(directory, code === undefined ? {} : { code });
  const keeping = loaded.code.keep([]);
  // It is waited for below; until then its failure is nobody's.
  keeping.catch(() => undefined);
  const open = await openProject(loaded, { environment });
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
  const kept = await keeping;
  const ready: ApiReady = {
    message: "ready",
    project: project.name,
    assets: project.assets.length,
    endpoints: project.endpoints.map(({ route, name }) => ({ route, name })),
    written: [open.data],
    ...(kept === undefined ? {} : { code: kept }),
  };
  process.send?.(ready);
}
