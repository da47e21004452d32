import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { suite, test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { DatabaseUnderTest, TestDatabase } from "./database-under-test.ts";
import { refused } from "./refusal.ts";
import { longLease, owner, TestProject } from "./test-project.ts";

function startChild(t: TestContext, task: string, made: TestDatabase, number = 0): ChildProcess {
  const path = fileURLToPath(new URL("./child.ts", import.meta.url));
  const child = spawn(process.execPath, [path, task, made.address, String(number)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

/** Resolves when the child says its first word; fails when it ends without one. */
async function word(child: ChildProcess): Promise<string> {
  const [said] = (await Promise.race([
    once(child.stdout ?? assert.fail(), "data"),
    once(child, "exit").then(([code]) => assert.fail(`the child ended with ${String(code)}`)),
  ])) as [Buffer];
  return said.toString().trim();
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

export function processesContract(database: DatabaseUnderTest): void {
  suite(`several processes on ${database.name}`, () => {
    test("a run whose process was killed is taken over, and what it had committed stays (N35)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const child = startChild(t, "half a run", made);
      assert.equal(await word(child), "ready");
      await killed(child);
      const { runs } = project.state;
      const dead = (await runs.get(project.scope, "half")) ?? assert.fail();
      assert.deepEqual([dead.status, dead.leased, dead.token], ["running", true, 1]);
      const { lease, abandoned } = await runs.takeOver(project.scope, "half", dead.token, owner, longLease);
      assert.deepEqual(abandoned, [{ versionId: "begun", asset: "days" }]);
      assert.deepEqual(
        (await runs.steps("half")).map(({ status, outputs }) => [status, outputs[0]?.versionId]),
        [
          ["success", "made"],
          ["pending", undefined],
        ],
      );
      const { published } = await runs.publish(project.scope, lease, { versionIds: ["made"] });
      assert.deepEqual(published, ["made"]);
    });

    test("a process killed in the middle of a transaction leaves nothing and blocks nobody (N36)", async (t) => {
      const made = await database.make(t);
      const state = await made.open();
      const child = startChild(t, "half a transaction", made);
      assert.equal(await word(child), "ready");
      await killed(child);
      await state.projects.open("shop", "production");
      const names = (await made.execute("select name from project")).map((row) => row["name"]);
      assert.deepEqual(names, ["shop"]);
    });

    test("a process that is stopped in the middle of a transaction holds up no reader, and no writer once it is killed (N36)", async (t) => {
      const made = await database.make(t);
      const state = await made.open();
      const scope = await state.projects.open("shop", "production");
      const child = startChild(t, "half a transaction", made);
      assert.equal(await word(child), "ready");
      child.kill("SIGSTOP");
      // The same row: on PostgreSQL others are free. It is told after the time that a lock is waited for.
      const waiting = refused("STATE_UNAVAILABLE", state.projects.open("half", "production"));
      assert.equal((await state.catalog.head(scope)).number, 0);
      assert.ok((await waiting).retryable);
      await killed(child);
      await state.projects.open("half", "production");
      const names = (await made.execute("select name from project order by name")).map((row) => row["name"]);
      assert.deepEqual(names, ["half", "shop"]);
    });

    test("processes that publish at once lose nothing of one another (N16)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const children = [1, 2, 3].map((number) => startChild(t, "many publishes", made, number));
      const words = await Promise.all(children.map(word));
      assert.deepEqual(words, ["done", "done", "done"]);
      assert.equal(await project.head(), 75);
      assert.equal((await project.current(75)).length, 75);
      const events = await project.state.events.read(project.scope, { limit: 10_000 });
      const numbers = events.flatMap(({ type, data }) => (type === "published" ? [data.snapshot] : []));
      assert.deepEqual(
        numbers,
        Array.from({ length: 75 }, (_, index) => index + 1),
      );
    });
  });
}
