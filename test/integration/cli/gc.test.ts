import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite, test } from "node:test";
import type { Collection } from "../../../src/control/retention/collect-garbage.ts";
import { CliProject } from "./cli-project.ts";

/** `sales/revenue` has two versions, and hardly anything is kept. */
async function twice(project: CliProject): Promise<void> {
  project.edit("millrace.config.ts", "defineProject({", 'defineProject({ retention: "1ms", grace: "30s",');
  assert.equal((await project.run(["materialize", "*"])).code, 0);
  project.edit("assets.ts", "sum(count * price)", "sum(count * price) + 1");
  assert.equal((await project.run(["materialize", "*", "--stale"])).code, 0);
  await sleep(10);
}

suite("millrace gc", { concurrency: 2 }, () => {
  test("gives up what is beyond the retention and removes it a grace later; a dry run says so before (N18)", async (t) => {
    const project = new CliProject(t);
    await twice(project);
    const versions = () => readdirSync(project.path(".millrace/data/sales/revenue")).length;
    const dry = await project.run(["gc", "--dry-run"]);
    assert.match(
      dry.stdout,
      /^would give up 2 snapshots and 4 versions \(1 file, .*\)\nwould remove 0 files/,
    );
    const done = await project.run(["gc"]);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^gave up 2 snapshots and 4 versions \(1 file/);
    assert.match(done.stdout, /the files can be removed from 30\.0 s on/);
    assert.equal(versions(), 2, "requests may still be reading it");
    const gone = await project.run(["rollback", "sales/revenue", "--to", "1"]);
    assert.match(gone.stderr, /Snapshot 1 is no longer kept/);

    // Another half a minute would be long for a test.
    project.edit("millrace.config.ts", 'grace: "30s"', 'grace: "21s"');
    const early = await project.json<Collection>("gc");
    assert.deepEqual([early.condemned.versions, early.removed.files], [0, 0]);
    assert.equal(versions(), 2);
  });

  test("a retention or a grace that cannot be meant is told when the project is loaded (N18)", async (t) => {
    const project = new CliProject(t);
    project.edit("millrace.config.ts", "defineProject({", 'defineProject({ retention: "soon", grace: "5s",');
    const { code, stdout } = await project.run(["validate"]);
    assert.equal(code, 1);
    assert.match(stdout, /the retention "soon" is no duration; write it like "30d" or "20m"/);
    assert.match(stdout, /the grace must be at least 20\.0 s, twice the longest timeLimit of its endpoints/);
  });

  test("a folder that served another state is not swept (N2)", async (t) => {
    const project = new CliProject(t);
    await twice(project);
    rmSync(project.path(".millrace/state.db"));
    for (const rest of ["-wal", "-shm"]) rmSync(project.path(`.millrace/state.db${rest}`), { force: true });
    assert.equal((await project.run(["ls"])).code, 0);
    const { removed } = await project.json<Collection>("gc");
    assert.equal(removed.files, 0);
    const folder = project.path(".millrace/data/sales/revenue");
    for (const version of readdirSync(folder)) assert.ok(existsSync(join(folder, version)));
  });
});
