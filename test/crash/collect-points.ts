import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, test } from "node:test";
import type { CrashPoint } from "../../src/ports/crash-points.ts";
import { testDatabase } from "../postgres-server.ts";
import { collect, project, run } from "./materialize-process.ts";
import { readPublished } from "./read-published.ts";

/** The points, whether the grace of what was condemned is over when the process reaches them, and in which visit it dies. */
const cases: readonly { point: CrashPoint; visit: number; phase: "condemn" | "remove" }[] = [
  { point: "after-condemn", visit: 1, phase: "condemn" },
  { point: "after-condemn", visit: 2, phase: "condemn" },
  { point: "after-condemn", visit: 3, phase: "condemn" },
  { point: "after-prune", visit: 1, phase: "remove" },
  { point: "before-remove", visit: 1, phase: "remove" },
  { point: "after-remove", visit: 1, phase: "remove" },
  { point: "after-forget", visit: 1, phase: "remove" },
  { point: "after-sweep", visit: 1, phase: "remove" },
];

const graceMs = 500;

/** Defines the tests of one database. */
export function killedWhileCollecting(database: "sqlite" | "postgres"): void {
  describe(
    `a collection killed in its midst, with state in ${database}`,
    { concurrency: 2, timeout: 240_000 },
    () => {
      for (const { point, visit, phase } of cases) {
        test(`at ${point}, visit ${visit}: what is current stays readable, and the next ones finish it (N2, N18)`, async (t) => {
          const folder = await mkdtemp(join(tmpdir(), "millrace-collect-"));
          t.after(() => rm(folder, { recursive: true, force: true }));
          await mkdir(join(folder, "state"));
          const data = join(folder, "data");
          const environment = {
            ...process.env,
            MILLRACE_STATE: database === "sqlite" ? join(folder, "state") : await testDatabase(t),
            MILLRACE_DATA: data,
            ORDERS_FILE: join(folder, "orders.csv"),
            RETENTION: "1ms",
            GRACE: `${graceMs}ms`,
          };
          for (const amount of [5, 6]) {
            await writeFile(environment.ORDERS_FILE, `id,amount\n1,${amount}\n`);
            assert.equal((await run(environment)).result?.outcome.status, "success");
          }
          const expected = await readPublished(project, environment);
          if (phase === "remove") {
            assert.equal((await collect(environment)).signal, null);
            await sleep(graceMs + 50);
          } else await sleep(20);

          // Of a process that was killed before it had told of a version, long ago.
          const stray = join(data, "orders", "00000000-0000-4000-8000-000000000000");
          await mkdir(stray);
          await writeFile(join(stray, "0.parquet"), "half a file");
          const later = new Date(Date.now() - graceMs - 1);
          await utimes(join(stray, "0.parquet"), later, later);
          const killed = await collect(environment, `${point}:${visit}`);
          assert.equal(killed.signal, "SIGKILL", killed.errors);
          assert.deepEqual(await readPublished(project, environment), expected);

          const next = await collect(environment);
          assert.equal(next.signal, null, next.errors);
          await sleep(graceMs + 50);
          assert.equal((await collect(environment)).signal, null);
          assert.deepEqual(await readPublished(project, environment), expected);
          for (const asset of ["orders", "doubled", "report"]) {
            assert.equal((await readdir(join(data, asset))).length, 1, `${asset} has one version left`);
          }
          const idle = await collect(environment);
          assert.deepEqual(
            [idle.result?.condemned.versions, idle.result?.removed.files],
            [0, 0],
            "nothing is left to do",
          );
        });
      }
    },
  );
}
