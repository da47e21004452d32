import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject, type OpenProject } from "../../src/app/open-project.ts";
import type { RunRecord } from "../../src/core/run/run.ts";
import { testDatabase } from "../postgres-server.ts";

/** The project of these tests. */
export const project: string = fileURLToPath(new URL("./lease-project", import.meta.url));

/** Short, but longer than a thread needs to start on a busy machine. */
export const leaseMs = 2_400;

/** State and data of a run that others watch from outside. */
export interface LeaseWorld {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The same project and state, in this process. */
  readonly open: OpenProject;
  /** The only run, once it answers the condition. */
  runThat(holds: (run: RunRecord) => boolean): Promise<RunRecord>;
  /** Steps whose code has begun, once for each time. */
  begun(): Promise<readonly string[]>;
  /** Waits until the code of the step has begun that often. */
  until(step: string, times?: number): Promise<void>;
}

export async function leaseWorld(
  t: TestContext,
  database: "sqlite" | "postgres",
  variables: NodeJS.ProcessEnv,
): Promise<LeaseWorld> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-lease-"));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(join(folder, "state"));
  const log = join(folder, "steps.log");
  const environment = {
    ...process.env,
    MILLRACE_STATE: database === "sqlite" ? join(folder, "state") : await testDatabase(t),
    MILLRACE_DATA: join(folder, "data"),
    MILLRACE_LEASE: `${leaseMs}ms`,
    STEP_LOG: log,
    ...variables,
  };
  const open = await openProject(await loadProject(project), { variables: environment });
  t.after(() => open.close());
  const begun = async (): Promise<readonly string[]> =>
    (await readFile(log, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  return {
    folder,
    environment,
    open,
    begun,
    async runThat(holds) {
      const { state, scope } = open.context;
      for (const until = Date.now() + 20_000; Date.now() < until; await delay(20)) {
        const [run] = await state.runs.list(scope, { limit: 1 });
        if (run !== undefined && holds(run)) return run;
      }
      throw new Error("no such run within 20 s");
    },
    async until(step, times = 1) {
      for (const until = Date.now() + 20_000; Date.now() < until; await delay(20)) {
        if ((await begun()).filter((name) => name === step).length >= times) return;
      }
      throw new Error(`${step} did not begin within 20 s`);
    },
  };
}
