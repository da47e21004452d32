import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Finding, Why } from "../../../src/control/staleness/why.ts";
import { CliProject } from "./cli-project.ts";

async function findings(project: CliProject, name: string): Promise<readonly Finding[]> {
  return (await project.json<{ why: Why }>("why", name)).why.findings;
}

async function finding(project: CliProject, name: string): Promise<Finding> {
  const found = await findings(project, name);
  assert.equal(found.length, 1, JSON.stringify(found));
  return found[0] ?? assert.fail();
}

suite("millrace why", { concurrency: 2 }, () => {
  test("what is fresh is fresh, also after a comment, a description or a tag changed (N8)", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    project.edit("assets.ts", "/** Leaves a line", "/** Writes a line");
    project.edit("assets.ts", "Orders, month by month", "All orders");
    project.edit("assets.ts", 'tags: { team: "shop" }', 'tags: { team: "till", since: "2001" }');
    assert.deepEqual((await finding(project, "orders")).status, "fresh");
    const { stdout } = await project.run(["why", "sales/revenue"]);
    assert.equal(stdout, "sales/revenue  fresh\n");
  });

  test("names the file, with the lines that differ, and what lies below as upstream stale (N8, N21)", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    project.edit("assets.ts", "count: 3", "count: 4");
    const orders = await finding(project, "orders");
    assert.deepEqual([orders.status, orders.partitions], ["stale", "2001-01 to 2001-03, 3 partitions"]);
    const [change] = orders.causes[0]?.changes ?? [];
    assert.ok(change?.change === "file" && change.file === "assets.ts" && change.before !== change.after);
    assert.deepEqual(
      change.diff?.filter(({ side }) => side !== "both").map(({ side, text }) => [side, text.trim()]),
      [
        ["before", "count: 3"],
        ["after", "count: 4"],
      ],
    );
    const one = await finding(project, "orders[2001-02]");
    assert.deepEqual([one.partitions, one.status], ["2001-02", "stale"]);

    const revenue = await finding(project, "sales/revenue");
    assert.deepEqual([revenue.status, revenue.causes], ["upstream stale", []]);
    assert.deepEqual(
      revenue.upstream.map(({ path, partitions, causes }) => [
        path,
        partitions,
        causes.map(({ text }) => text),
      ]),
      [[["orders"], "2001-01 to 2001-03, 3 partitions", ["its code changed (assets.ts)"]]],
    );
    const { stdout } = await project.run(["why", "GET", "/revenue"]);
    assert.match(stdout, /^GET \/revenue reads:\n {2}sales\/revenue {2}upstream stale\n {4}reads orders \[/);
    assert.match(stdout, /^ +- +count: 3\n +\+ +count: 4$/m);
  });

  test("names the option, with SQL as lines, and the input, with when it was made (N8, N21)", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    project.edit("assets.ts", "order by thing\n", "order by thing desc\n");
    project.write("prices.csv", "thing,price\napple,6\npear,7\n");
    const { status, causes } = await finding(project, "sales/revenue");
    assert.equal(status, "stale");
    assert.deepEqual(
      causes.map(({ text }) => text),
      ["its code changed (its SQL)", "prices changed"],
    );
    const [code, input] = causes;
    assert.deepEqual(
      code?.changes?.[0]?.diff?.filter(({ side }) => side !== "both").map(({ text }) => text.trim()),
      ["order by thing", "order by thing desc"],
    );
    assert.ok(input?.input?.before !== input?.input?.after && input?.input?.asset === "prices");
    const { stdout } = await project.run(["why", "sales/revenue"]);
    assert.match(stdout, /^ {2}its code changed: its SQL$/m);
    assert.match(stdout, /^ {2}prices changed: seen /m);
  });

  test("says of what failed whether it would fail again, and when that is no longer known (N23)", async (t) => {
    const project = new CliProject(t);
    project.write("prices.csv", "thing,price\napple,5000\npear,7\n");
    assert.equal((await project.run(["materialize", "*"])).code, 1);
    const rejected = await finding(project, "sales/revenue");
    assert.equal(rejected.status, "missing");
    assert.deepEqual([rejected.failure?.code, rejected.failure?.sameAgain], ["CHECK_FAILED", true]);
    assert.match(
      (await project.run(["why", "sales/revenue"])).stdout,
      /the last attempt was rejected .*\n {2}its code and its inputs are still those: nothing asks for it again/,
    );
    project.write("prices.csv", "thing,price\napple,5\npear,7\n");
    assert.equal((await finding(project, "sales/revenue")).failure?.sameAgain, false);
    await project.json("materialize", "sales/revenue");
    assert.equal((await finding(project, "sales/revenue")).failure, undefined);

    project.edit(
      "assets.ts",
      "    return [\n",
      '    if (partition.key === "2001-02") throw new Error("closed");\n    return [\n',
    );
    assert.equal((await project.run(["materialize", "orders"])).code, 1);
    const parts = await findings(project, "orders");
    assert.deepEqual(
      parts.map(({ partitions, status, failure }) => [partitions, status, failure?.sameAgain]),
      [
        ["2001-01, 2001-03, 2 partitions", "fresh", undefined],
        ["2001-02", "stale", true],
      ],
    );
    project.edit("assets.ts", '"closed"', '"shut"');
    assert.equal((await finding(project, "orders[2001-02]")).failure?.sameAgain, false);
  });

  test("says who holds what is held (N17, N21)", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    project.write("prices.csv", "thing,price\napple,6\npear,7\n");
    await project.json("materialize", "*", "--stale");
    const back = await project.run(["rollback", "sales/revenue", "--reason", "odd prices"]);
    assert.equal(back.code, 0, back.stderr);
    const { status, hold, causes } = await finding(project, "sales/revenue");
    assert.deepEqual([status, hold?.reason], ["held", "odd prices"]);
    assert.deepEqual(
      causes.map(({ text }) => text),
      ["prices changed"],
    );
  });

  const wrong: readonly (readonly [name: string, said: RegExp])[] = [
    ["ordres", /There is no asset ordres\n {2}did you mean orders\?/],
    ["orders[1999-01]", /1999-01 is no partition of orders/],
    ["orders[]", /is no partition of orders/],
    ["sales/revenue[2001-01]", /has no partitions/],
    ["GET /nowhere", /There is no asset GET \/nowhere/],
  ];
  for (const [name, said] of wrong) {
    test(`${name} is wrong usage`, async (t) => {
      const { code, stdout, stderr } = await new CliProject(t).run(["why", name]);
      assert.deepEqual([code, stdout], [2, ""], stderr);
      assert.match(stderr, said);
    });
  }

  test("of what is only observed there is nothing to say but whether it is there", async (t) => {
    const { stdout } = await new CliProject(t).run(["why", "prices"]);
    assert.equal(stdout, "prices  external\n");
  });
});
