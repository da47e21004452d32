import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CliProject } from "./cli-project.ts";

suite("millrace checks and recheck", { concurrency: 2 }, () => {
  test("list how checks stand, ask them again, and show what was found so far (N19, N23)", async (t) => {
    const project = new CliProject(t);
    const before = await project.run(["checks"]);
    assert.equal(before.code, 0, before.stderr);
    assert.match(before.stdout, /^orders +row count +not evaluated +blocks$/m);
    await project.json("materialize", "*");
    const made = await project.run(["checks", "orders"]);
    assert.match(made.stdout, /^orders +row count +passed +blocks +(just now|\d+ s ago)$/m);
    assert.match(made.stdout, /^1 check at main@1: 0 failed$/m);
    assert.equal((await project.run(["checks", "--failed"])).stdout, "no check failed\n");

    project.edit(
      "assets.ts",
      "checks: [check.rowCount({ min: 1 })],",
      "checks: [check.rowCount({ min: 3 })],",
    );
    const asked = await project.run(["recheck", "orders", "--partitions", "2001-02..2001-03"]);
    assert.equal(asked.code, 1, asked.stderr);
    assert.match(asked.stdout, /^✗ orders\[2001-02\] {2}row count: 2 rows; wanted at least 3$/m);
    assert.match(asked.stdout, /^2 checks asked of snapshot 1: 0 passed, 2 failed$/m);
    const { checks } = await project.json<{ checks: readonly object[] }>("checks", "orders", "--failed");
    const [failed] = checks as readonly { state: string; failed: number; passed: number; newest: object }[];
    assert.deepEqual([failed?.state, failed?.failed, failed?.passed], ["failed", 2, 1]);

    const shown = await project.run(["checks", "show", "orders", "row", "count"]);
    assert.match(shown.stdout, /ASKED +FOUND +PARTITION +VERSION +RUN +ROWS/);
    assert.match(shown.stdout, /failed +2001-03 +[0-9a-f]{8} published +recheck +2$/m);
    const unknown = await project.run(["checks", "show", "orders", "nothing"]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /orders has no check named nothing; there are: row count/);
  });
});
