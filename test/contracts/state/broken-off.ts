import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { rollBack } from "../../../src/storage/holds/roll-back.ts";
import { releaseHolds } from "../../../src/storage/holds/release-holds.ts";
import type { Row, Script, Statement } from "../../../src/storage/database/script.ts";
import type { DatabaseUnderTest, TestDatabase } from "./database-under-test.ts";
import { days, TestProject } from "./test-project.ts";

const me = { by: "ada", reason: "" };

class BrokenOff extends Error {}

/** The script until its n-th statement was answered, where the world ends. */
function* brokenOffAfter<T>(statements: number, script: Script<T>): Script<T> {
  let count = 0;
  let step = script.next();
  while (step.done !== true) {
    const rows: readonly Row[] = yield step.value satisfies Statement;
    count += 1;
    if (count > statements) throw new BrokenOff();
    step = script.next(rows);
  }
  return step.value;
}

const tables = ["environment", "snapshot", "pointer", "asset_aggregate", "version", "event", "project"];

async function everything(database: TestDatabase): Promise<string> {
  const rows = [];
  for (const table of tables)
    rows.push([table, await database.execute(`select * from ${table} order by 1, 2`)]);
  return JSON.stringify(rows);
}

export function brokenOffContract(database: DatabaseUnderTest): void {
  suite(`rollback and release broken off in ${database.name}`, () => {
    test("between any two statements nothing of them has happened, and done anew all of it has (N16, N17)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const driver = await made.openDriver();
      const steps = [project.step("orders"), project.step("days", days(0, 4))] as const;
      await project.materialize([steps[0], { dataVersion: "o1" }], [steps[1], { dataVersion: "d1" }]);
      await project.materialize(
        [steps[0], { dataVersion: "o2" }],
        [project.step("days", days(1, 3)), { dataVersion: "d2" }],
      );
      const targets = ["orders", "days"].map((key) => ({ key, ...project.asset(key) }));
      const scripts = {
        rollback: () => rollBack(project.scope, { targets, to: { snapshot: 1 }, ...me }),
        release: () => releaseHolds(project.scope, { targets, publish: true, ...me }),
      };
      const back = ["days 0-1 d1", "days 1-3 d1", "days 3-4 d1"];
      const expected = {
        rollback: [...back, "orders 0-1 o1"],
        release: [...back, "orders 0-1 o3"],
      };
      for (const name of ["rollback", "release"] as const) {
        if (name === "release") {
          const run = await project.run([steps[0]]);
          const version = await run.make(steps[0], { dataVersion: "o3" });
          await run.publish({ versionIds: [version] });
          await run.end();
        }
        const before = await everything(made);
        let points = 0;
        for (; ; points += 1) {
          const script = scripts[name];
          try {
            await driver.write<unknown>(() => brokenOffAfter<unknown>(points, script()));
            break;
          } catch (error) {
            assert.ok(error instanceof BrokenOff, String(error));
            assert.equal(await everything(made), before, `${name} broken off after ${points} statements`);
          }
        }
        assert.ok(points > 8, `${name} has ${points} statements`);
        assert.deepEqual(await project.current(await project.head()), expected[name]);
      }
    });
  });
}
