import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { testDatabase } from "../postgres-server.ts";
import { run, script } from "./materialize-process.ts";

const project = fileURLToPath(new URL("./checkpoint-project", import.meta.url));
const command = [script, project];

for (const database of ["sqlite", "postgres"] as const) {
  test(
    `a checkpoint that was committed never runs again, with state in ${database} (N38)`,
    { timeout: 120_000 },
    async (t) => {
      const folder = await mkdtemp(join(tmpdir(), "millrace-checkpoints-"));
      t.after(() => rm(folder, { recursive: true, force: true }));
      await mkdir(join(folder, "state"));
      const log = join(folder, "fetched.log");
      const environment = {
        ...process.env,
        MILLRACE_STATE: database === "sqlite" ? join(folder, "state") : await testDatabase(t),
        MILLRACE_DATA: join(folder, "data"),
        STEP_LOG: log,
      };
      const fetched = async (): Promise<string[]> => (await readFile(log, "utf8")).trim().split("\n");
      // Each process gets one page further, and dies.
      for (const expected of [["a"], ["a", "b"], ["a", "b", "c"]]) {
        const crashed = await run(environment, "after-checkpoint:1", command);
        assert.equal(crashed.signal, "SIGKILL", crashed.errors);
        assert.deepEqual(await fetched(), expected);
      }
      const { result, errors } = await run(environment, undefined, command);
      assert.equal(result?.outcome.status, "success", errors);
      assert.deepEqual(await fetched(), ["a", "b", "c"]);
    },
  );
}
