import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CliProject } from "./cli-project.ts";

interface Diff {
  readonly equal: boolean;
  readonly before: { readonly label: string; readonly rowCount?: number };
  readonly places: {
    readonly count: number;
    readonly named: readonly { partition?: string; change: string }[];
  };
  readonly columns?: { added: string[]; removed: string[]; changed: { column: string }[] };
  readonly rows?: {
    readonly by?: string[];
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    readonly samples: { added: object[]; removed: object[]; changed: { before: object; after: object }[] };
  };
  readonly values?: readonly { path: string; before?: unknown; after?: unknown }[];
  readonly files?: readonly { before?: string; after?: string }[];
}

const more = `
export const totals = asset("totals", { value: z.object({ n: z.int(), names: z.array(z.string()) }), run: () => ({ n: 1, names: ["a"] }) });
export const note = asset("note", { file: "text/plain", run: () => "first" });
`;

suite("millrace diff", { concurrency: 2 }, () => {
  test("rows of a table are told apart by its unique columns, and compared (N3)", async (t) => {
    const project = new CliProject(t);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    project.edit("assets.ts", "sum(count * price)", "sum(count * price) + (thing = 'apple')::int");
    assert.equal((await project.run(["materialize", "sales/revenue"])).code, 0);
    project.write("prices.csv", `${project.read("prices.csv")}plum,9\n`);
    project.edit("assets.ts", 'thing: "pear"', 'thing: "plum"');
    assert.equal((await project.run(["materialize", "*", "--stale"])).code, 0);
    const diff = await project.json<Diff>("diff", "sales/revenue");
    assert.deepEqual(
      [diff.equal, diff.rows?.by, diff.before.label],
      [false, ["thing"], "the version before"],
    );
    assert.deepEqual([diff.rows?.added, diff.rows?.removed, diff.rows?.changed], [1, 1, 0]);
    assert.deepEqual(
      [diff.rows?.samples.added, diff.rows?.samples.removed].flat().map((row) => Object.values(row ?? {})[0]),
      ["plum", "pear"],
    );
    const since = await project.json<Diff>("diff", "sales/revenue", "1", "2");
    assert.deepEqual([since.rows?.added, since.rows?.removed, since.rows?.changed], [0, 0, 1]);
    const [changed] = since.rows?.samples.changed ?? [];
    assert.equal(Object.values(changed?.before ?? {})[0], "apple");
    const words = await project.run(["diff", "sales/revenue", "1", "2"]);
    assert.match(words.stdout, /^sales\/revenue {2}snapshot 1 \(2 rows\) → snapshot 2 \(2 rows\)$/m);
    assert.match(words.stdout, /^rows \(by thing\): 0 added, 0 removed, 1 changed$/m);
    assert.match(words.stdout, /^~ thing "apple", revenue \d+ → \d+$/m);
    assert.match((await project.run(["diff", "sales/revenue", "2", "2"])).stdout, /^equal$/m);
    // Partitions with equal content are not read; rows without a key are compared whole.
    const orders = await project.json<Diff>(
      "diff",
      "orders",
      "1",
      "--partition",
      "2001-02",
      "--samples",
      "1",
    );
    assert.equal(orders.rows?.by, undefined);
    assert.deepEqual(
      [orders.rows?.added, orders.rows?.removed, orders.rows?.samples.added.length],
      [1, 1, 1],
    );
    const all = await project.json<Diff>("diff", "orders", "0");
    assert.deepEqual([all.places.count, all.rows?.added, all.rows?.removed], [3, 6, 0]);
  });

  test("columns that came or went are told, and rows compared by those that both have (N6)", async (t) => {
    const project = new CliProject(t);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    project.edit("assets.ts", "revenue: z.int() })", "revenue: z.number(), sold: z.int() })");
    project.edit("assets.ts", "as revenue", "as revenue, sum(count) as sold");
    assert.equal((await project.run(["materialize", "sales/revenue"])).code, 0);
    const diff = await project.json<Diff>("diff", "sales/revenue");
    assert.deepEqual(diff.columns?.added.length, 1);
    assert.deepEqual(
      diff.columns?.changed.map(({ column }) => column),
      ["revenue"],
    );
    assert.deepEqual([diff.rows?.added, diff.rows?.removed, diff.rows?.changed], [0, 0, 0]);
    assert.match((await project.run(["diff", "sales/revenue"])).stdout, /^\+ column sold /m);
  });

  test("values are compared as JSON, files by digest, and versions are named by the beginning of their ids", async (t) => {
    const project = new CliProject(t);
    project.write("assets.ts", project.read("assets.ts") + more);
    assert.equal((await project.run(["materialize", "totals note"])).code, 0);
    project.edit("assets.ts", '{ n: 1, names: ["a"] }', '{ n: 2, names: ["a", "b"] }');
    project.edit("assets.ts", '"first"', '"second"');
    assert.equal((await project.run(["materialize", "totals note"])).code, 0);
    const values = await project.json<Diff>("diff", "totals");
    assert.deepEqual(
      values.values?.map(({ path, before, after }) => [path, before, after]),
      [
        ["/n", 1, 2],
        ["/names/1", undefined, "b"],
      ],
    );
    const files = await project.json<Diff>("diff", "note");
    assert.equal(files.files?.length, 1);
    assert.notEqual(files.files[0]?.before, files.files[0]?.after);
    const { versions } = await project.json<{ versions: { versionId: string }[] }>("versions", "note");
    const [now, before] = versions.map(({ versionId }) => versionId.slice(0, 13));
    const by = await project.json<Diff>("diff", "note", before ?? "", now ?? "");
    assert.deepEqual(by.files, files.files);
    for (const [args, message] of [
      [["diff", "nothing"], /There is no asset/],
      [["diff", "prices"], /external assets only/],
      [["diff", "sales/revenue"], /has no version before the current one/],
      [["diff", "note", "ffffffff-ffff"], /has no version ffffffff-ffff/],
      [["diff", "note", "nowhere"], /nothing is pinned by that name/],
      [["diff", "note", "1", "99"], /has no version 99/],
    ] as const) {
      const ended = await project.run([...args]);
      assert.match(ended.stderr, message);
      assert.equal(ended.code, 2);
    }
  });
});
