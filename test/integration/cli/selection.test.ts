import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CliProject } from "./cli-project.ts";

interface Listing {
  readonly assets: readonly { readonly key: string }[];
  readonly endpoints: readonly { readonly route: string }[];
}

suite("selections", { concurrency: 2 }, () => {
  test("what is not understood is shown by its character, with what may have been meant", async (t) => {
    const project = new CliProject(t);
    const { code, stdout, stderr } = await project.run(["ls", "orders and (grup:sales)"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(
      stderr,
      /^error: The selection «orders and \(grup:sales\)» is not understood at character 13: there is no attribute grup; .*\n {2}orders and \(grup:sales\)\n {14}\^\n {2}did you mean group:\?\n/,
    );
    const json = await project.run(["materialize", "prices ordes", "--json"]);
    const { error } = JSON.parse(json.stderr) as {
      error: { code: string; suggestions: string[]; place: { selection: object } };
    };
    assert.deepEqual(
      [json.code, error.code, error.suggestions, error.place.selection],
      [2, "SELECTION_EMPTY", ["orders"], { text: "prices ordes", position: 8 }],
    );
  });

  test("how assets stand is part of a selection, and nothing to select is nothing to do", async (t) => {
    const project = new CliProject(t);
    const keys = async (selection: string): Promise<readonly string[]> =>
      (await project.json<Listing>("ls", selection)).assets.map(({ key }) => key);
    assert.deepEqual(await keys("status:missing"), ["orders", "sales/revenue"]);
    await project.json("materialize", "orders", "--partition", "2001-01");
    assert.deepEqual(await keys("status:missing and not group:sales"), ["sales/revenue"]);
    assert.deepEqual(await keys("status:fresh"), []);
    assert.match((await project.run(["ls", "status:fresh"])).stdout, /^nothing is selected\n\n/);
    project.write("prices.csv", "thing,price\napple,5000\npear,7\n");
    assert.equal((await project.run(["materialize", "*"])).code, 1, "revenue is out of range");
    assert.deepEqual(await keys("status:failed"), ["sales/revenue"]);
    project.write("prices.csv", "thing,price\napple,5\npear,7\n");
    await project.json("materialize", "status:missing or status:failed");
    assert.deepEqual(await keys("status:fresh"), ["orders", "sales/revenue"]);
    assert.deepEqual(await keys("status:failed"), []);
    const { code, stdout } = await project.run(["materialize", "status:stale"]);
    assert.deepEqual([code, /nothing/i.test(stdout)], [0, true], stdout);
    assert.deepEqual(await keys("status:held"), []);
    const none = await project.run(["rollback", "status:stale"]);
    assert.notEqual(none.code, 0);
  });

  test("endpoints are listed with what they stand on, and passed over where assets are meant", async (t) => {
    const project = new CliProject(t);
    const { assets, endpoints } = await project.json<Listing>("ls", '+endpoint:"GET /revenue"');
    assert.deepEqual(
      [assets.map(({ key }) => key).toSorted(), endpoints.map(({ route }) => route)],
      [["orders", "prices", "sales/revenue"], ["GET /revenue"]],
    );
    const greeting = await project.json<Listing>("ls", "endpoint:greeting");
    assert.deepEqual([greeting.assets, greeting.endpoints.length], [[], 1]);
    const { code, stderr } = await project.run(["materialize", "endpoint:greeting"]);
    assert.equal(code, 2);
    assert.match(stderr, /selects endpoints only; they are served, not materialized/);
    const made = await project.json<{ status: string }>("materialize", "+endpoint:revenues");
    assert.equal(made.status, "success");
  });

  test("a selection of a megabyte is refused with its length", async (t) => {
    const project = new CliProject(t);
    // One argument of a command line holds 128 KiB.
    const parts = Array.from({ length: 10 }, () => "a".repeat(104_000));
    const { code, stderr } = await project.run(["ls", ...parts]);
    assert.equal(code, 2);
    assert.match(stderr, /it has 1,040,009 characters; 65,536 are the most/);
    assert.ok(stderr.length < 2_000, `${stderr.length} characters`);
  });
});
