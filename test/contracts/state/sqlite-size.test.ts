import assert from "node:assert/strict";
import { test } from "node:test";
import { sqliteUnderTest } from "./sqlite-under-test.ts";
import { days, TestProject } from "./test-project.ts";

test("one range takes the place of a hundred and thirty thousand partitions, and one partition that of its own", async (t) => {
  const database = await sqliteUnderTest.make(t);
  const project = await TestProject.open(await database.open());
  const count = 130_000;
  await project.materialize([project.step("days", days(count)), { id: "first" }]);
  const { assetId, spaceId } = project.asset("days");
  await database.execute(`
    insert into pointer (environment_id, asset_id, space_id, slice, range_from, range_to, version_id, since,
      published_at, valid_from)
    with recursive day (n) as (select 0 union all select n + 1 from day where n < ${count - 1})
    select ${project.scope.environmentId}, ${assetId}, ${spaceId}, '', n, n + 1, 'first', 1, 1, 1 from day`);
  await project.materialize([project.step("days", days(777)), { dataVersion: "one" }]);
  // More pointers than a call may have arguments.
  await project.materialize([project.step("days", days(0, count)), { dataVersion: "all" }]);
  assert.deepEqual((await project.current(3)).slice(0, 1), [`days 0-${count} all`]);
  assert.equal((await project.current(3)).length, 2);
  const before = await project.current(2);
  assert.equal(before.length, count + 1);
  assert.equal(before[777], "days 777-778 one");
});
