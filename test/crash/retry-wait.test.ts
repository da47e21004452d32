import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { testDatabase } from "../postgres-server.ts";
import { run } from "./materialize-process.ts";

const project = fileURLToPath(new URL("./retry-project", import.meta.url));
const script = fileURLToPath(new URL("./materialize-selection.ts", import.meta.url));
const command = [script, project, "flaky"];

/** Longer than a process needs to start on a busy machine, so that what is left of it can be told. */
const waitMs = 5_000;

for (const database of ["sqlite", "postgres"] as const) {
  for (const by of ["RETRY_DELAY", "RETRY_AFTER"]) {
    test(
      `N37: processes killed while a step waits by ${by}: the next waits out the rest, and all count its failures together, with state in ${database}`,
      { timeout: 120_000 },
      async (t) => {
        const folder = await mkdtemp(join(tmpdir(), "millrace-retry-"));
        t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
        await mkdir(join(folder, "state"));
        const environment = {
          ...process.env,
          MILLRACE_STATE: database === "sqlite" ? join(folder, "state") : await testDatabase(t),
          MILLRACE_DATA: join(folder, "data"),
          TRIES: join(folder, "tries.log"),
          [by]: `${waitMs}ms`,
        };
        const open = await openProject(await loadProject(project), { variables: environment });
        t.after(() => open.close());
        const { state, scope } = open.context;
        const waits = async (): Promise<number> =>
          (await state.events.read(scope, { types: ["step.retrying"] })).length;

        for (const failures of [1, 2]) {
          const child = spawn(process.execPath, command, { env: environment, stdio: "ignore" });
          const exit = once(child, "exit");
          for (const until = Date.now() + 30_000; (await waits()) < failures; await delay(20))
            assert.ok(Date.now() < until && child.exitCode === null, "it waits for its next try");
          child.kill("SIGKILL");
          await exit;
        }
        const { result, errors } = await run(environment, undefined, command);
        assert.equal(result?.outcome.status, "failure", errors);

        const tries = (await readFile(environment.TRIES, "utf8"))
          .trim()
          .split("\n")
          .map((line) => line.split(" ").map(Number));
        assert.deepEqual(
          tries.map(([attempt]) => attempt),
          [1, 2, 3],
          "three in all, whichever process",
        );
        for (const [index, [, at = 0]] of tries.entries()) {
          const before = tries[index - 1]?.[1];
          if (before !== undefined) assert.ok(at - before >= waitMs, `waited ${at - before} ms only`);
        }
        const [found] = await state.runs.list(scope, { limit: 2 });
        assert.equal(found?.resumes, 2);
        const [step] = await state.runs.steps(found.id);
        assert.deepEqual([step?.status, step?.attempts], ["failure", 3]);
      },
    );
  }
}
