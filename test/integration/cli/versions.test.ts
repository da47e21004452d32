import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CliProject } from "./cli-project.ts";

interface Versions {
  readonly snapshot: number;
  readonly next?: string;
  readonly versions: readonly {
    readonly versionId: string;
    readonly partition?: string;
    readonly state: string;
    readonly reason?: string;
  }[];
}
interface Listing {
  readonly snapshot: number;
  readonly assets: readonly {
    readonly key: string;
    readonly rowCount?: number;
    readonly staleness?: unknown;
    readonly partitions?: { readonly materialized: number };
  }[];
}

suite("looking back", { concurrency: 2 }, () => {
  test("versions tells what became of everything that was made, and why (N15, N17)", async (t) => {
    const project = new CliProject(t);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    project.edit("assets.ts", "sum(count * price)", "sum(count * price) + 1");
    assert.equal((await project.run(["materialize", "sales/revenue"])).code, 0);
    project.edit("assets.ts", "+ 1", "+ 5000");
    assert.equal((await project.run(["materialize", "sales/revenue"])).code, 1);
    await project.json("rollback", "sales/revenue", "--by", "ada", "--reason", "odd");
    project.edit("assets.ts", "+ 5000", "+ 2");
    await project.json("materialize", "sales/revenue");
    const list = await project.json<Versions>("versions", "sales/revenue");
    assert.deepEqual(
      list.versions.map(({ state, reason }) => [state, reason?.split(":")[0]]),
      [
        ["waiting", "held by ada (odd)"],
        ["rejected", "sales/revenue"],
        ["former", undefined],
        ["held", "ada"],
      ],
    );
    const words = (await project.run(["versions", "sales/revenue"])).stdout;
    assert.match(words, /rejected: sales\/revenue: a blocking check failed: range revenue/);
    assert.match(words, /^as of snapshot 3$/m);
    const past = await project.json<Versions>("versions", "sales/revenue", "--as-of", "2");
    assert.deepEqual(
      past.versions.map(({ state }) => state),
      ["waiting", "rejected", "current", "former"],
    );
    const first = await project.json<Versions>("versions", "orders", "--limit", "2");
    const second = await project.json<Versions>(
      "versions",
      "orders",
      "--limit",
      "2",
      "--before",
      first.next ?? "",
    );
    assert.deepEqual([first.versions.length, second.versions.length, second.next], [2, 1, undefined]);
    const month = await project.json<Versions>("versions", "orders", "--partition", "2001-02");
    assert.deepEqual(
      month.versions.map(({ partition, state }) => [partition, state]),
      [["2001-02", "current"]],
    );
    for (const [args, message] of [
      [["versions", "nothing"], /There is no asset nothing/],
      [["versions", "prices"], /external assets only/],
      [["versions", "orders", "--partition", "2009-01"], /is no partition/],
      [["versions", "sales/revenue", "--partition", "x"], /has no partitions/],
      [["versions", "orders", "--as-of", "77"], /There is no snapshot 77/],
    ] as const) {
      const ended = await project.run([...args]);
      assert.equal(ended.code, 2);
      assert.match(ended.stderr, message);
    }
  });

  test("ls and show tell what was current at a snapshot, and nothing of today's staleness (N13)", async (t) => {
    const project = new CliProject(t);
    assert.equal((await project.run(["materialize", "orders", "--partition", "2001-01"])).code, 0);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    const then = await project.json<Listing>("ls", "--as-of", "1");
    assert.equal(then.snapshot, 1);
    const orders = then.assets.find(({ key }) => key === "orders");
    assert.deepEqual(
      [orders?.rowCount, orders?.partitions?.materialized, orders?.staleness],
      [2, 1, undefined],
    );
    const now = await project.json<Listing>("ls");
    assert.equal(now.assets.find(({ key }) => key === "orders")?.partitions?.materialized, 3);
    const shown = await project.run(["show", "orders", "--as-of", "1"]);
    assert.match(shown.stdout, /1 of 3 months/);
    assert.match((await project.run(["show", "revenues", "--as-of", "1"])).stdout, /waits for|never/);
    const bad = await project.run(["ls", "--as-of", "yesterday"]);
    assert.deepEqual([bad.code, /nothing is pinned by that name/.test(bad.stderr)], [2, true]);
  });

  test("an asset under another key goes on, with what reads it (N12)", async (t) => {
    const project = new CliProject(t);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    project.edit(
      "assets.ts",
      'asset("sales/revenue", {',
      'asset("sales/sums", { renamedFrom: "sales/revenue",',
    );
    project.edit("assets.ts", "tags: { team", 'renamedFrom: "till", tags: { team');
    const listing = await project.json<Listing>("ls");
    assert.deepEqual(
      listing.assets.filter(({ key }) => key === "sales/sums").map(({ rowCount }) => rowCount),
      [2],
    );
    const { versions } = await project.json<Versions>("versions", "sales/sums");
    assert.deepEqual(
      versions.map(({ state }) => state),
      ["current"],
    );
    // Another run, with nothing to retire.
    assert.match(
      (await project.run(["materialize", "sales/sums"])).stdout,
      /success in .*: 1 (made|unchanged);/,
    );
  });

  test("an asset and a partition that leave the code are retired by the next run, and the plan says so (N12)", async (t) => {
    const project = new CliProject(t);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    project.edit("assets.ts", 'start: "2001-01", end: "2001-03"', 'start: "2001-02", end: "2001-03"');
    project.edit("assets.ts", '"sales/revenue"', '"sales/sums"');
    const explained = await project.run(["materialize", "orders", "--stale", "--explain"]);
    assert.match(explained.stdout, /^orders \[2001-01\] {2}retired: it has left the code$/m);
    assert.match(explained.stdout, /^sales\/revenue {2}retired: it has left the code$/m);
    const run = await project.run(["materialize", "orders", "--stale"]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /2 retired/);
    const listing = await project.json<Listing>("ls");
    assert.equal(listing.snapshot, 2);
    assert.equal(listing.assets.find(({ key }) => key === "orders")?.rowCount, 4);
    assert.equal(
      (await project.run(["materialize", "orders", "--stale"])).stdout,
      "nothing to do: 2 fresh\n",
    );
    // Whoever reads an older snapshot still has them.
    assert.equal(
      (await project.json<Listing>("ls", "--as-of", "1")).assets.find(({ key }) => key === "orders")
        ?.rowCount,
      6,
    );
  });
});
