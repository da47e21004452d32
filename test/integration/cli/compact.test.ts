import assert from "node:assert/strict";
import { cpSync, globSync, truncateSync } from "node:fs";
import { basename, join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Compaction } from "../../../src/control/compaction/compact.ts";
import type { Collection } from "../../../src/control/retention/collect-garbage.ts";
import type { Verification } from "../../../src/control/versions/verify.ts";
import { testDatabase } from "../../postgres-server.ts";
import { CliProject } from "./cli-project.ts";

const packing = fileURLToPath(new URL("../../crash/packing-project/millrace.config.ts", import.meta.url));
const graceMs = 4000;

/** 24 days of readings in as many files. */
async function days(t: TestContext, env: NodeJS.ProcessEnv = {}): Promise<CliProject> {
  const project = new CliProject(t);
  cpSync(packing, project.path("millrace.config.ts"));
  const made = await project.run(["materialize", "*"], env);
  assert.equal(made.code, 0, made.stderr);
  return project;
}

function files(project: CliProject): string[] {
  const folder = project.path(".millrace/data/readings");
  return globSync("*/*.parquet", { cwd: folder }).map((file) => join(folder, file));
}

/** A server, and what it answers: bodies, tags and what they say of the data, but for what tells the time. */
async function serving(project: CliProject, env: NodeJS.ProcessEnv = {}) {
  const server = project.start(["serve", "--port", "0"], env);
  const [, url = ""] = await server.printed(/served at (http:\/\/[\d.]+:\d+)\/api/);
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/api/${path}`, { headers });
    const tag = answer.headers.get("etag");
    return {
      status: answer.status,
      tag,
      snapshot: answer.headers.get("millrace-snapshot"),
      body: await answer.text(),
    };
  };
  return { server, ask };
}

/** What only filters: of the others the engine's order may depend on how files lie, and their tags say so. */
const paths = ["rows", "rows.csv", "days/2024-01-07"];

interface Sum {
  readonly station: number;
  readonly value: number;
  readonly days: number;
}

const sorted = (body: string): readonly Sum[] =>
  (JSON.parse(body) as Sum[]).toSorted((a, b) => a.station - b.station);

suite("millrace compact", { concurrency: 2, timeout: 120_000 }, () => {
  for (const database of ["sqlite", "postgres"]) {
    test(`with state in ${database}, a server goes on with equal bytes and tags while its files become few and the old ones go (N1, N26, N28)`, async (t) => {
      const env = database === "sqlite" ? {} : { MILLRACE_STATE: await testDatabase(t) };
      const project = await days(t, env);
      const { server, ask } = await serving(project, env);
      const before = new Map<string, Awaited<ReturnType<typeof ask>>>();
      for (const path of paths) {
        const answer = await ask(path);
        assert.equal(answer.status, 200, answer.body);
        before.set(path, answer);
      }
      const sums = new Map<string | null, string>();
      const firstSums = await ask("sums");
      const same = async (headers: Record<string, string> = {}): Promise<void> => {
        for (const path of paths) {
          assert.deepEqual(await ask(path, headers), before.get(path), path);
        }
        const { tag, body } = await ask("sums", headers);
        assert.equal(sums.get(tag) ?? body, body, "one tag is one body");
        sums.set(tag, body);
        assert.deepEqual(sorted(body), sorted(firstSums.body));
      };
      const compacting = project.run(["compact"], env);
      const progress = { done: false };
      void compacting.finally(() => (progress.done = true));
      while (!progress.done) await same();
      const { code, stdout, stderr } = await compacting;
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^✓ readings {2}24 versions lie in 1 file \(/m);
      assert.match(stdout, /24 files of before can be removed from 4\.0 s on: millrace gc/);
      for (let time = 0; time < 50; time += 1) await same();
      assert.equal(files(project).length, 25);
      await sleep(graceMs + 100);
      const collected = await project.run(["gc", "--json"], env);
      assert.equal((JSON.parse(collected.stdout) as Collection).removed.files, 24, collected.stderr);
      assert.equal(files(project).length, 1);
      await same();
      const snapshot = before.get("rows")?.snapshot ?? "";
      await same({ "Millrace-Snapshot": snapshot });
      for (const path of paths) {
        const tag = before.get(path)?.tag ?? "";
        assert.equal((await ask(path, { "If-None-Match": tag })).status, 304);
      }
      const other = await serving(project, env);
      for (const path of paths)
        assert.deepEqual(await other.ask(path), before.get(path), "a server that starts now");
      for (const each of [server, other.server]) {
        each.kill("SIGTERM");
        assert.equal((await each.ended).code, 0);
      }
    });
  }

  test("a dry run says what would be packed and changes nothing; what was packed is not packed again (N1)", async (t) => {
    const project = await days(t);
    const dry = await project.run(["compact", "--dry-run"]);
    assert.match(dry.stdout, /^- readings {2}24 versions would lie in 1 file \(.*\)\n$/);
    assert.equal(files(project).length, 24);
    assert.equal((await project.json<Compaction>("compact", "--dry-run")).assets[0]?.packs, 1);
    const done = await project.json<Compaction>("compact", "readings");
    assert.deepEqual(done.damaged, []);
    const [asset] = done.assets;
    assert.deepEqual([asset?.asset, asset?.versions, asset?.packs, asset?.files], ["readings", 24, 1, 24]);
    assert.ok((asset?.bytes ?? Infinity) < (asset?.bytesBefore ?? 0));
    assert.deepEqual((await project.json<Compaction>("compact")).assets, []);
    assert.equal((await project.run(["compact"])).stdout, "nothing to pack\n");
    const verified = await project.json<Verification>("verify");
    assert.deepEqual([verified.versions, verified.damaged], [24, []]);
    assert.match(
      (await project.run(["events"])).stdout,
      /asset\.compacted {2}readings {2}24 versions in one file/,
    );
    const unknown = await project.run(["compact", "reading"]);
    assert.equal(unknown.code, 2);
  });

  test("days that are made again lie beside the pack, are read in their place, and are packed with it the next time (N1)", async (t) => {
    const project = await days(t);
    await project.json("compact");
    const again = ["materialize", "readings", "--partitions", "2024-01-05..2024-01-06"];
    assert.equal((await project.run(again, { FACTOR: "3", CODE: "2" })).code, 0);
    const { server, ask } = await serving(project);
    const cut = await ask("rows");
    const rows = JSON.parse(cut.body) as { day: string; value: number }[];
    assert.deepEqual(
      [...new Set(rows.map(({ day }) => day))],
      rows.filter((_, index) => index % 40 === 0).map(({ day }) => day),
    );
    assert.equal(rows.length, 24 * 40);
    assert.ok(rows.filter(({ day }) => day === "2024-01-05").some(({ value }) => Math.abs(value) > 1));
    const past = await ask("rows", { "Millrace-Snapshot": "1" });
    assert.ok((JSON.parse(past.body) as { value: number }[]).every(({ value }) => Math.abs(value) <= 1));

    const second = await project.json<Compaction>("compact");
    assert.deepEqual(
      [second.assets[0]?.versions, second.assets[0]?.packs, second.assets[0]?.files],
      [24, 1, 2],
    );
    const whole = await ask("rows");
    assert.equal(whole.body, cut.body);
    assert.notEqual(whole.tag, cut.tag, "rows of which no order is asked might have come otherwise");
    assert.equal((await ask("rows", { "Millrace-Snapshot": "1" })).body, past.body);
    const rolledBack = await project.run(["rollback", "readings", "--to", "1", "--reason", "the factor"]);
    assert.equal(rolledBack.code, 0, rolledBack.stderr);
    assert.equal((await ask("rows")).body, past.body);
    assert.equal((await project.run(["compact"])).code, 0);
    assert.equal((await ask("rows")).body, past.body);
    assert.deepEqual((await project.json<Verification>("verify")).damaged, []);
    server.kill("SIGTERM");
    await server.ended;
  });

  test("a version that was added to lies in one file afterwards, and is added to again; snapshots before it stay (N1)", async (t) => {
    const project = new CliProject(t);
    project.write(
      "millrace.config.ts",
      `import { asset, defineProject } from "millrace";
      import * as z from "zod";
      const log = asset("readings", {
        columns: z.object({ id: z.int() }),
        write: "append",
        codeVersion: "1",
        run: async (_, { previous }) => [{ id: await previous.count() }, { id: -1 }],
      });
      export default defineProject({ name: "log", definitions: [log] });`,
    );
    const add = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1)
        assert.equal((await project.run(["materialize", "readings"])).code, 0);
    };
    await add(3);
    const packed = await project.json<Compaction>("compact");
    assert.deepEqual([packed.assets[0]?.versions, packed.assets[0]?.packs], [1, 1]);
    // The version before has two of the three files.
    assert.equal(packed.assets[0]?.files, 1);
    await add(2);
    assert.equal((await project.json<Compaction>("compact")).assets[0]?.packs, 1);
    await add(1);
    for (const snapshot of ["1", "2", "3", "4", "5", "6"]) {
      const verified = await project.json<Verification>("verify", "--at", snapshot);
      assert.deepEqual([verified.versions, verified.damaged], [1, []], `snapshot ${snapshot}`);
    }
    assert.match((await project.run(["show", "readings"])).stdout, /^rows +12$/m);
  });

  test("a damaged file is named and left alone, and what lies around it is packed (N2, N3)", async (t) => {
    const project = await days(t);
    // One in the middle: files are named by their day.
    const byDay = files(project).toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1));
    const damaged = byDay[11] ?? assert.fail();
    truncateSync(damaged, 200);
    const { code, stdout } = await project.run(["compact", "--json"]);
    assert.equal(code, 1);
    const found = JSON.parse(stdout) as Compaction;
    assert.equal(found.damaged.length, 1);
    assert.ok(found.damaged[0]?.reason.includes(damaged), found.damaged[0]?.reason);
    assert.match(found.damaged[0]?.partition ?? "", /^2024-01-\d\d$/);
    assert.equal(found.assets[0]?.versions, 23);
    const verified = JSON.parse((await project.run(["verify", "--json"])).stdout) as Verification;
    assert.deepEqual(
      verified.damaged.map(({ version }) => version),
      [found.damaged[0]?.version],
    );
    const left = await project.run(["compact", "--json"]);
    assert.equal(left.code, 1);
    assert.deepEqual(
      (JSON.parse(left.stdout) as Compaction).assets,
      [],
      "what lies around it is not packed again",
    );
    const again = ["materialize", "readings", "--partition", found.damaged[0]?.partition ?? ""];
    assert.equal((await project.run(again, { FACTOR: "2", CODE: "2" })).code, 0);
    const mended = await project.run(["compact"]);
    assert.equal(mended.code, 0, mended.stdout);
    assert.deepEqual((await project.json<Verification>("verify")).damaged, []);
  });

  test("a damaged pack is found by who reads it, and named (N2)", async (t) => {
    const project = await days(t);
    await project.json("compact");
    await sleep(graceMs + 100);
    await project.json("gc");
    const [pack = assert.fail()] = files(project);
    truncateSync(pack, 500);
    const { server, ask } = await serving(project);
    const answer = await ask("rows");
    assert.equal(answer.status, 500);
    assert.match(answer.body, /VERSION_CORRUPT|version_corrupt/i);
    const verified = JSON.parse((await project.run(["verify", "--json"])).stdout) as Verification;
    assert.equal(verified.damaged.length, 24);
    assert.ok(verified.damaged.every(({ reason }) => reason.includes(pack)));
    server.kill("SIGTERM");
    await server.ended;
  });
});
