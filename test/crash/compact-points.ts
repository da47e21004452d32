import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { openReading } from "../../src/app/open-reading.ts";
import { verify, type Verification } from "../../src/control/versions/verify.ts";
import { CatalogView } from "../../src/core/catalog/catalog-view.ts";
import { readableParts } from "../../src/core/catalog/readable-part.ts";
import type { TableHandle } from "../../src/core/asset/handle.ts";
import { knownAsset } from "../../src/core/plan/known-asset.ts";
import type { CrashPoint } from "../../src/ports/crash-points.ts";
import { testDatabase } from "../postgres-server.ts";
import { collect, compactOnce, run, script } from "./materialize-process.ts";

const project = fileURLToPath(new URL("./packing-project", import.meta.url));
const graceMs = 4000;

/** Where it dies, in which visit, and how many packs are there then. */
const cases: readonly { readonly point: CrashPoint; readonly visit: number; readonly packs: number }[] = [
  { point: "after-pack-intent", visit: 1, packs: 0 },
  { point: "after-pack-write", visit: 1, packs: 0 },
  { point: "before-rewrite", visit: 2, packs: 1 },
  { point: "after-rewrite", visit: 2, packs: 2 },
];

/** Everything that readers of the newest snapshot see, and whether all bytes are as written. */
async function published(
  environment: NodeJS.ProcessEnv,
): Promise<{ rows: readonly object[]; dataVersions: readonly unknown[]; verified: Verification }> {
  const open = await openProject(await loadProject(project), { variables: environment });
  const reading = await openReading(open);
  try {
    const { state, scope, graph, known } = open.context;
    const { number } = await state.catalog.head(scope);
    const view = new CatalogView(number, await state.catalog.current(scope, number));
    const asset = graph.byKey.get("readings") ?? assert.fail();
    const placed = knownAsset(known, asset);
    const parts = readableParts(view.pieces(placed), placed.space);
    const { handles } = reading.reader.read([{ name: "readings", asset, parts, many: true }], {});
    const verified = await verify({ selection: "*" }, open.context, reading);
    return {
      rows: await (handles["readings"] as TableHandle<object>).rows(),
      dataVersions: parts.map(({ partition, version }) => [partition, version.id, version.dataVersion]),
      verified,
    };
  } finally {
    await reading.close();
    await open.close();
  }
}

async function fresh(
  t: TestContext,
  database: "sqlite" | "postgres",
): Promise<NodeJS.ProcessEnv & { MILLRACE_DATA: string }> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-compact-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "state"));
  return {
    ...process.env,
    MILLRACE_STATE: database === "sqlite" ? join(folder, "state") : await testDatabase(t),
    MILLRACE_DATA: join(folder, "data"),
    GRACE: `${graceMs}ms`,
  };
}

const files = (environment: { MILLRACE_DATA: string }): number =>
  globSync("readings/*/*.parquet", { cwd: environment.MILLRACE_DATA }).length;

/** Defines the tests of one database. */
export function killedWhileCompacting(database: "sqlite" | "postgres"): void {
  describe(
    `a compaction killed in its midst, with state in ${database}`,
    { concurrency: 2, timeout: 240_000 },
    () => {
      for (const { point, visit, packs } of cases) {
        test(`at ${point}, visit ${visit}: readers see what they saw, nothing is left of it, and the next one goes on (N1, N2)`, async (t) => {
          const environment = await fresh(t, database);
          assert.equal(
            (await run(environment, undefined, [script, project])).result?.outcome.status,
            "success",
          );
          const before = await published(environment);
          assert.equal(before.verified.versions, 24);
          const killed = await compactOnce(project, environment, `${point}:${visit}`);
          assert.equal(killed.signal, "SIGKILL", killed.errors);
          assert.deepEqual(await published(environment), before);

          await sleep(graceMs + 50);
          // What was packed goes, and what nobody refers to.
          const collected = await collect(environment, undefined, project);
          assert.equal(collected.signal, null, collected.errors);
          await collect(environment, undefined, project);
          assert.equal(files(environment), 24 - 10 * packs + packs);
          assert.deepEqual(await published(environment), before);

          const next = await compactOnce(project, environment);
          assert.equal(next.result?.damaged.length, 0, next.errors);
          await sleep(graceMs + 50);
          await collect(environment, undefined, project);
          assert.equal(files(environment), 3, "24 days lie in packs of ten");
          assert.deepEqual(await published(environment), before);
          assert.deepEqual(
            (await compactOnce(project, environment)).result?.assets,
            [],
            "nothing is left to do",
          );
        });
      }

      test("two compactions, a collection and a run at once: each version lies somewhere, and what was published is read (N1, N18)", async (t) => {
        const environment = await fresh(t, database);
        await run(environment, undefined, [script, project]);
        const before = await published(environment);
        const again = { ...environment, CODE: "2", FACTOR: "2" };
        const [one, two, collected, ran] = await Promise.all([
          compactOnce(project, environment),
          compactOnce(project, environment),
          collect(environment, undefined, project),
          run(again, undefined, [script, project]),
        ]);
        for (const ended of [one, two, collected, ran]) assert.equal(ended.signal, null, ended.errors);
        assert.equal(ran.result?.outcome.status, "success", ran.errors);
        assert.ok(one.result !== undefined && two.result !== undefined, one.errors + two.errors);
        const after = await published(environment);
        assert.deepEqual(after.verified.damaged, []);
        assert.equal(after.rows.length, before.rows.length);
        assert.notDeepEqual(after.dataVersions, before.dataVersions);
        await sleep(graceMs + 50);
        await collect(environment, undefined, project);
        assert.deepEqual(await published(environment), after);
      });
    },
  );
}
