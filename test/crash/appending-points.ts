import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { openReading } from "../../src/app/open-reading.ts";
import type { TableHandle } from "../../src/core/asset/handle.ts";
import type { CrashPoint } from "../../src/ports/crash-points.ts";
import { readHandle } from "../../src/testing/read-handle.ts";
import { testDatabase } from "../postgres-server.ts";
import { run, script, type Ended } from "./materialize-process.ts";

const project = fileURLToPath(new URL("./appending-project", import.meta.url));
const resumeScript = fileURLToPath(new URL("./resume-pinned.ts", import.meta.url));

/** Of two steps, `orders` and `runs`. */
const cases: readonly { point: CrashPoint; visit: number; published: boolean }[] = [
  { point: "after-intent", visit: 1, published: false },
  { point: "after-write", visit: 1, published: false },
  { point: "after-stage", visit: 1, published: false },
  { point: "after-checks", visit: 1, published: false },
  { point: "after-step", visit: 1, published: false },
  { point: "after-write", visit: 2, published: false },
  { point: "after-step", visit: 2, published: false },
  { point: "before-publish", visit: 1, published: false },
  { point: "after-publish", visit: 1, published: true },
];

const first = { orders: [[1, 5]], runs: [[1, 1]] };
const second = {
  orders: [
    [1, 5],
    [2, 7],
  ],
  runs: [
    [1, 1],
    [2, 2],
  ],
};

class World {
  readonly environment: NodeJS.ProcessEnv;
  readonly #folder: string;

  private constructor(folder: string, state: string) {
    this.#folder = folder;
    this.environment = {
      ...process.env,
      MILLRACE_STATE: state,
      MILLRACE_DATA: join(folder, "data"),
      ORDERS_FILE: join(folder, "orders.csv"),
    };
  }

  static async open(t: TestContext, database: "sqlite" | "postgres"): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), "millrace-crash-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, "state"));
    return new World(folder, database === "sqlite" ? join(folder, "state") : await testDatabase(t));
  }

  orders(rows: string): Promise<void> {
    return writeFile(join(this.#folder, "orders.csv"), `id,amount\n${rows}`);
  }

  async materialize(crashAt?: string, ...how: readonly ("new" | "full-refresh")[]): Promise<Ended> {
    const ended = await run(this.environment, crashAt, [script, project, ...how]);
    if (crashAt === undefined) assert.equal(ended.result?.outcome.status, "success", ended.errors);
    else assert.equal(ended.signal, "SIGKILL", ended.errors);
    return ended;
  }

  /** As whoever finds a dead run does. */
  async resume(): Promise<Ended> {
    const open = await openProject(await loadProject(project), { variables: this.environment });
    const { state, scope } = open.context;
    const [newest] = await state.runs.list(scope, { limit: 1 });
    await open.close();
    return run(this.environment, undefined, [resumeScript, project, newest?.id ?? ""]);
  }

  /** All rows that a reader of the newest snapshot sees, as another process than the one that writes. */
  async read(): Promise<{ readonly orders: unknown; readonly runs: unknown }> {
    const open = await openProject(await loadProject(project), { variables: this.environment });
    const reading = await openReading(open);
    try {
      const rows = async (key: string): Promise<unknown> => {
        const asset = open.context.graph.byKey.get(key);
        assert.ok(asset !== undefined);
        const handle = await readHandle(asset, { open, reading });
        return (await (handle as TableHandle<object>).rows()).map((row) => Object.values(row));
      };
      return { orders: await rows("orders"), runs: await rows("runs") };
    } finally {
      await reading.close();
      await open.close();
    }
  }

  /** Versions of which bytes lie there. */
  async stored(key: string): Promise<number> {
    return (await readdir(join(this.#folder, "data", key))).length;
  }
}

/** Defines the tests of one database. */
export function appendingKilledAtEachPoint(database: "sqlite" | "postgres"): void {
  describe(
    `a process killed while it appends, with state in ${database}`,
    { concurrency: 2, timeout: 240_000 },
    () => {
      for (const { point, visit, published } of cases) {
        test(`N1: at ${point}, visit ${visit}: no row is lost, and none is there twice`, async (t) => {
          const world = await World.open(t, database);
          await world.orders("1,5\n");
          await world.materialize();
          await world.orders("1,5\n2,7\n");
          await world.materialize(`${point}:${visit}`);
          assert.deepEqual(await world.read(), published ? second : first);
          await world.materialize();
          assert.deepEqual(await world.read(), second);
          assert.equal(await world.stored("orders"), 2, "no bytes of abandoned versions are left");
        });
      }

      test("N15: a run begun anew beside a killed one adds its own rows alone", async (t) => {
        const world = await World.open(t, database);
        await world.orders("1,5\n");
        await world.materialize();
        await world.orders("1,5\n2,7\n");
        await world.materialize("before-publish:1");
        await world.materialize(undefined, "new");
        assert.deepEqual(await world.read(), second);
        await world.orders("1,5\n2,7\n3,9\n");
        await world.materialize();
        assert.deepEqual(await world.read(), {
          orders: [...second.orders, [3, 9]],
          runs: [...second.runs, [3, 3]],
        });
      });

      test("N9: a killed run that makes all rows anew does so still when another process goes on with it", async (t) => {
        const world = await World.open(t, database);
        await world.orders("1,5\n");
        await world.materialize();
        await world.orders("1,50\n2,70\n");
        await world.materialize("after-write:1", "full-refresh");
        const { result, errors } = await world.resume();
        assert.equal(result?.outcome.status, "success", errors);
        assert.deepEqual(await world.read(), {
          orders: [
            [1, 50],
            [2, 70],
          ],
          runs: [[1, 2]],
        });
      });
    },
  );
}
