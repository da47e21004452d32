import { openPostgresState } from "../../../src/storage/postgres/open.ts";
import { PostgresDatabase } from "../../../src/storage/postgres/driver.ts";
import { all, run } from "../../../src/storage/database/script.ts";
import { SqliteDatabase } from "../../../src/storage/sqlite/driver.ts";
import { openSqliteState } from "../../../src/storage/sqlite/open.ts";
import { days, TestProject } from "./test-project.ts";

/** What the tests of several processes run in another one: `node child.ts <task> <address> <number>`. */
const [task = "", address = "", number = "0"] = process.argv.slice(2);
const isUrl = address.includes("://");

async function openState() {
  return isUrl ? openPostgresState({ url: address }) : openSqliteState({ path: address });
}

function say(word: string): void {
  process.stdout.write(`${word}\n`);
}

function standStill(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const tasks: Readonly<Record<string, () => Promise<void>>> = {
  /** Makes one step of two, begins the other, and then stands still. */
  async "half a run"() {
    const project = await TestProject.open(await openState());
    const steps = [project.step("days", days(1)), project.step("days", days(2))] as const;
    const made = await project.run(steps, { id: "half" });
    await made.make(steps[0], { id: "made" });
    await made.start(steps[1]);
    await made.apply({
      change: "version.intended",
      step: steps[1].key,
      asset: "days",
      versionId: "begun",
      kind: "table",
    });
    say("ready");
    standStill();
  },

  /** Writes and stands still before the commit. */
  async "half a transaction"() {
    const driver = isUrl
      ? new PostgresDatabase({ url: address })
      : await SqliteDatabase.open({ path: address });
    await driver.write(function* () {
      yield* run("insert into project (name, created_at) values ('half', 0)");
      // An answer that is read: by then the database has executed what was sent before it.
      yield* all("select id from project");
      say("ready");
      standStill();
    });
  },

  /** Publishes partitions of its own, one after the other. */
  async "many publishes"() {
    const project = await TestProject.open(await openState());
    for (let index = 0; index < 25; index += 1) {
      const range = days(Number(number) * 100 + index);
      await project.materialize([project.step("days", range), { dataVersion: `${number}/${index}` }]);
    }
    await project.state.close();
    say("done");
  },
};

await tasks[task]?.();
