import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import type { CrashPoint } from "../../src/ports/crash-points.ts";
import { testDatabase } from "../postgres-server.ts";
import { project, run, script } from "./materialize-process.ts";
import { readPublished, type Published } from "./read-published.ts";

/** The points, and which steps are committed when the process dies there in its nth visit. */
const cases: readonly {
  point: CrashPoint;
  visit: number;
  committed: readonly string[];
  published: boolean;
}[] = [
  { point: "before-intent", visit: 1, committed: [], published: false },
  { point: "after-intent", visit: 1, committed: [], published: false },
  { point: "after-write", visit: 1, committed: [], published: false },
  { point: "after-stage", visit: 1, committed: [], published: false },
  { point: "after-checks", visit: 1, committed: [], published: false },
  { point: "after-step", visit: 1, committed: ["orders"], published: false },
  { point: "after-intent", visit: 2, committed: ["orders"], published: false },
  { point: "after-write", visit: 2, committed: ["orders"], published: false },
  { point: "after-stage", visit: 2, committed: ["orders"], published: false },
  { point: "after-checks", visit: 3, committed: ["orders", "doubled"], published: false },
  { point: "after-write", visit: 4, committed: ["orders", "doubled", "total"], published: false },
  { point: "after-step", visit: 4, committed: ["orders", "doubled", "total", "report"], published: false },
  {
    point: "before-publish",
    visit: 1,
    committed: ["orders", "doubled", "total", "report"],
    published: false,
  },
  { point: "after-publish", visit: 1, committed: ["orders", "doubled", "total", "report"], published: true },
];

/** Of a run that publishes as it goes: how many of its steps are published when the process dies. */
const asItGoes: readonly { point: CrashPoint; visit: number; committed: number; published: number }[] = [
  { point: "before-publish", visit: 1, committed: 1, published: 0 },
  { point: "after-publish", visit: 1, committed: 1, published: 1 },
  { point: "after-intent", visit: 2, committed: 1, published: 1 },
  { point: "after-stage", visit: 2, committed: 1, published: 1 },
  { point: "before-publish", visit: 2, committed: 2, published: 1 },
  { point: "after-publish", visit: 3, committed: 3, published: 3 },
  { point: "before-publish", visit: 4, committed: 4, published: 3 },
  { point: "after-publish", visit: 4, committed: 4, published: 4 },
];

/** In the order in which they are made. */
const made = ["orders", "doubled", "total", "report"] as const;

const before: Published = {
  orders: [{ id: 1, amount: 5 }],
  doubled: [{ id: 1, amount: 10 }],
  total: 10,
  report: "total: 10\n",
};
const afterwards: Published = {
  orders: [
    { id: 1, amount: 5 },
    { id: 2, amount: 7 },
  ],
  doubled: [
    { id: 1, amount: 10 },
    { id: 2, amount: 14 },
  ],
  total: 24,
  report: "total: 24\n",
};

interface World {
  readonly environment: NodeJS.ProcessEnv;
  readonly data: string;
  readonly orders: (rows: string) => Promise<void>;
  readonly steps: () => Promise<string[]>;
}

async function world(t: TestContext, database: "sqlite" | "postgres"): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-crash-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "state"));
  const log = join(folder, "steps.log");
  return {
    data: join(folder, "data"),
    environment: {
      ...process.env,
      MILLRACE_STATE: database === "sqlite" ? join(folder, "state") : await testDatabase(t),
      MILLRACE_DATA: join(folder, "data"),
      ORDERS_FILE: join(folder, "orders.csv"),
      STEP_LOG: log,
    },
    orders: (rows) => writeFile(join(folder, "orders.csv"), `id,amount\n${rows}`),
    async steps() {
      const lines = await readFile(log, "utf8").catch(() => "");
      await rm(log, { force: true });
      return lines.split("\n").filter((line) => line !== "");
    },
  };
}

/** Defines the tests of one database. */
export function killedAtEachPoint(database: "sqlite" | "postgres"): void {
  describe(
    `a process killed in mid-run, with state in ${database}`,
    { concurrency: 2, timeout: 240_000 },
    () => {
      for (const { point, visit, committed, published } of cases) {
        test(`at ${point}, visit ${visit}: readers see all or nothing, and no committed step runs again (N2, N16, N33)`, async (t) => {
          const { environment, orders, steps, data } = await world(t, database);
          await orders("1,5\n");
          const first = await run(environment);
          assert.equal(first.result?.outcome.status, "success", first.errors);
          assert.deepEqual(await readPublished(project, environment), before);
          await steps();

          await orders("1,5\n2,7\n");
          const crashed = await run(environment, `${point}:${visit}`);
          assert.equal(crashed.signal, "SIGKILL", crashed.errors);
          const ranBefore = await steps();
          assert.deepEqual(await readPublished(project, environment), published ? afterwards : before);

          const again = await run(environment);
          assert.equal(again.result?.outcome.status, "success", again.errors);
          assert.equal(again.result?.continued, committed.length);
          const ranAgain = await steps();
          for (const step of committed) {
            assert.ok(ranBefore.includes(step), `${step} ran before the crash`);
            assert.ok(!ranAgain.includes(step), `${step} did not run again`);
          }
          assert.deepEqual([...committed, ...ranAgain].sort(), ["doubled", "orders", "report", "total"]);
          assert.deepEqual(await readPublished(project, environment), afterwards);
          assert.deepEqual(
            (await readdir(join(data, "orders"))).length,
            2,
            "no bytes of abandoned versions are left",
          );
        });
      }
      for (const { point, visit, committed, published } of asItGoes) {
        test(`at ${point}, visit ${visit}, of a run that publishes as it goes: what is published stays and is not published twice (N2, N16)`, async (t) => {
          const { environment, orders, steps } = await world(t, database);
          await orders("1,5\n");
          assert.equal((await run(environment)).result?.outcome.status, "success");
          await steps();

          await orders("1,5\n2,7\n");
          const crashed = await run(environment, `${point}:${visit}`, [script, project, "step"]);
          assert.equal(crashed.signal, "SIGKILL", crashed.errors);
          const done = made.slice(0, published);
          const expected = (key: keyof Published) =>
            (done.some((step) => step === key) ? afterwards : before)[key];
          assert.deepEqual(
            await readPublished(project, environment),
            Object.fromEntries(made.map((key) => [key, expected(key)])),
          );
          await steps();

          const again = await run(environment);
          assert.equal(again.result?.outcome.status, "success", again.errors);
          assert.equal(again.result?.continued, committed);
          assert.deepEqual(await steps(), made.slice(committed));
          assert.deepEqual(await readPublished(project, environment), afterwards);
          assert.deepEqual(again.result?.published, [2, 3, 4, 5], "one snapshot for each step");
        });
      }
    },
  );
}
