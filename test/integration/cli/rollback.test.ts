import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CliProject } from "./cli-project.ts";

interface Plan {
  readonly steps: readonly { readonly key: string }[];
  readonly held: readonly { readonly key: string; readonly by: string; readonly reason: string }[];
  readonly retired: readonly { readonly asset: string; readonly partitions?: readonly string[] }[];
}
interface Listing {
  readonly snapshot: number;
  readonly assets: readonly {
    readonly key: string;
    readonly staleness?: {
      readonly status: string;
      readonly held: number;
      readonly holds: readonly string[];
    };
  }[];
}
interface Rollback {
  readonly snapshot: number;
  readonly moved: readonly { readonly asset: string; readonly partition?: string }[];
}

/** Made, then made again with other prices; `sales/revenue` has two versions. */
async function published(project: CliProject): Promise<void> {
  assert.equal((await project.run(["materialize", "*"])).code, 0);
  project.edit("assets.ts", "sum(count * price)", "sum(count * price) + 1");
  assert.equal((await project.run(["materialize", "*", "--stale"])).code, 0);
}

suite("millrace rollback and release", { concurrency: 2 }, () => {
  test("points an asset back, holds it against --stale and a new version, and lets it go again (N17)", async (t) => {
    const project = new CliProject(t);
    await published(project);
    const dry = await project.run(["rollback", "sales/revenue", "--dry-run"]);
    assert.match(dry.stdout, /would roll back 1 asset, from snapshot 2; nothing was changed/);
    const done = await project.run(["rollback", "sales/revenue", "--reason", "wrong sums", "--by", "ada"]);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /published snapshot 3: rolled back 1 asset, held by ada \(wrong sums\)/);

    const stale = await project.run(["materialize", "*", "--stale"]);
    assert.equal(stale.stdout, "nothing to do: 3 fresh, 1 held\n");
    const explained = await project.run(["materialize", "*", "--stale", "--explain"]);
    assert.match(
      explained.stdout,
      /^sales\/revenue {2}held by ada \(wrong sums\), left alone though its code changed \(its SQL\)$/m,
    );
    const plan = await project.json<Plan>("materialize", "*", "--stale", "--explain");
    assert.deepEqual(
      plan.held.map(({ key, by, reason }) => [key, by, reason]),
      [["sales/revenue", "ada", "wrong sums"]],
    );
    const listing = await project.json<Listing>("ls", "sales/*");
    assert.deepEqual(listing.assets[0]?.staleness?.status, "held");
    assert.match((await project.run(["ls"])).stdout, /held by ada \(wrong sums\)/);
    assert.match(
      (await project.run(["show", "sales/revenue"])).stdout,
      /ada \(wrong sums\) +its code changed/,
    );

    // Asked for by name it is made all the same; nobody will read it before it is released.
    const made = await project.run(["materialize", "sales/revenue"]);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /published nothing: 1 version held back by a rollback/);
    assert.match(made.stdout, /^success in .*: 1 held/m);
    assert.equal((await project.json<Listing>("ls")).snapshot, 3);

    const released = await project.run(["release", "sales/revenue"]);
    assert.match(released.stdout, /^released sales\/revenue$/m);
    assert.match(released.stdout, /1 version made meanwhile stay staged/);
    const again = await project.run(["release", "sales/revenue"]);
    assert.deepEqual([again.code, /Nothing of sales\/revenue is held/.test(again.stderr)], [1, true]);
    assert.match(
      (await project.run(["materialize", "*", "--stale"])).stdout,
      /published snapshot 4: 1 version/,
    );
  });

  test("a release may publish what was made meanwhile (N17)", async (t) => {
    const project = new CliProject(t);
    await published(project);
    await project.json("rollback", "sales/revenue");
    await project.json("materialize", "sales/revenue");
    const released = await project.json<{ snapshot: number; published: string[] }>(
      "release",
      "sales/revenue",
      "--publish",
    );
    assert.deepEqual([released.snapshot, released.published.length], [4, 1]);
    const listing = await project.json<Listing>("ls", "sales/*");
    assert.equal(listing.assets[0]?.staleness?.status, "fresh");
  });

  test("a selection and some of its partitions go back together to a pinned snapshot (N17)", async (t) => {
    const project = new CliProject(t);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    const pinned = await project.run(["snapshot", "pin", "good", "--reason", "audit"]);
    assert.equal(pinned.stdout, "good is snapshot 1, and keeps it\n");
    project.edit("assets.ts", "count: 3", "count: 4");
    assert.equal((await project.run(["materialize", "*", "--stale"])).code, 0);
    const months = ["--partitions", "2001-01..2001-02"];
    const rollback = await project.json<Rollback>("rollback", "orders+", "--to", "good", ...months);
    assert.deepEqual(
      rollback.moved.map(({ asset, partition }) => [asset, partition]),
      [
        ["orders", "2001-01"],
        ["orders", "2001-02"],
        ["sales/revenue", undefined],
      ],
    );
    assert.equal(rollback.snapshot, 3);
    const listing = await project.run(["snapshot", "ls"]);
    assert.match(listing.stdout, /^ +3 .* rollback by /m);
    assert.match(listing.stdout, /^ +1 .* run [0-9a-f]{8} +good$/m);
    const held = await project.run(["ls"]);
    assert.match(held.stdout, /orders .* 2 held by/);
    assert.equal((await project.run(["snapshot", "unpin", "good"])).stdout, "snapshot 1 is no longer good\n");
  });

  test("what would break a check of the whole asset stays where it is, unless forced (N17, N19)", async (t) => {
    const project = new CliProject(t);
    project.edit(
      "assets.ts",
      "checks: [check.rowCount({ min: 1 })]",
      'checks: [check.range("count", { max: 5 }, { scope: "asset", name: "few" })]',
    );
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    project.edit("assets.ts", "count: 3", "count: 1");
    project.edit("assets.ts", "max: 5", "max: 2");
    assert.equal((await project.run(["materialize", "orders"])).code, 0);
    const asked = ["rollback", "orders", "--partition", "2001-01", "--by", "ada"];
    const dry = await project.run([...asked, "--dry-run"]);
    assert.equal(dry.code, 1, dry.stderr);
    assert.match(dry.stdout, /^✗ orders {2}few: 1 of 6 rows/m);
    assert.match(dry.stdout, /would refuse to roll back 1 asset, from snapshot 2; nothing was changed/);
    const no = await project.run(asked);
    assert.deepEqual([no.code, no.stdout], [1, ""]);
    assert.match(no.stderr, /orders would no longer pass its check few: 1 of 6 rows/);
    assert.equal((await project.json<Listing>("ls")).snapshot, 2);

    const forced = await project.run([...asked, "--force", "--reason", "audit"]);
    assert.equal(forced.code, 0, forced.stderr);
    assert.match(forced.stdout, /published snapshot 3: rolled back 1 asset, forced, held by ada \(audit\)/);
    assert.match((await project.run(["snapshot", "ls"])).stdout, /rollback, forced, by ada \(audit\)/);
    assert.match((await project.run(["events"])).stdout, /held .*orders by ada, forced: audit/);
    assert.match((await project.run(["checks", "orders"])).stdout, /few .*failed/);

    const wrong = await project.run(["release", "orders", "--force"]);
    assert.deepEqual([wrong.code, /--force is for what --publish/.test(wrong.stderr)], [2, true]);
    const freed = await project.json<{ forced: boolean }>("release", "orders", "--publish", "--force");
    assert.equal(freed.forced, true);
  });

  test("what cannot be meant is refused with one clear error, and nothing has moved (N17)", async (t) => {
    const project = new CliProject(t);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    const refusals: [string[], number, RegExp][] = [
      [["rollback", "sales/revenue"], 1, /nothing was current before what is current now/],
      [["rollback", "sales/revenue", "--to", "0"], 1, /it had no version at snapshot 0/],
      [["rollback", "sales/revenue", "--to", "1"], 1, /is as it was at snapshot 1 already/],
      [["rollback", "sales/revenue", "--to", "9"], 2, /There is no snapshot 9: 1 is the newest/],
      [["rollback", "sales/revenue", "--to", "nowhere"], 2, /nothing is pinned by that name/],
      [["rollback", "sales/revenue", "--to", "2026-11-22T10:00"], 2, /the time has no zone/],
      [["rollback", "sales/revenue", "--to", "2999-01-01"], 2, /that time has not come yet/],
      [["rollback", "sales/revenue", "--to-version", "zz"], 2, /has no version zz/],
      [["rollback", "*", "--to-version", "zz"], 2, /selects 2 assets, and one asset is wanted/],
      [["rollback", "prices"], 2, /external assets only/],
      [["rollback", "nothing"], 2, /matches no asset/],
      [["rollback", "orders", "--partition", "2009-01"], 2, /is no partition of orders/],
      [["rollback", "orders", "--to", "1", "--to-version", "x"], 2, /cannot be used with/],
      [["release", "*"], 1, /Nothing of \* is held/],
      [["snapshot", "pin", "1st"], 2, /is no name for a snapshot/],
      [["snapshot", "unpin", "nowhere"], 2, /nothing is pinned/],
    ];
    for (const [args, code, message] of refusals) {
      const ended = await project.run(args);
      assert.match(ended.stderr, message, args.join(" "));
      assert.equal(ended.code, code, args.join(" "));
    }
    assert.equal((await project.json<Listing>("ls")).snapshot, 1);
  });
});
