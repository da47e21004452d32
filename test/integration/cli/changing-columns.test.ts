import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CliProject, type CliProcess } from "./cli-project.ts";

/** Where it serves, once it is ready. */
async function readyAt(server: CliProcess): Promise<string> {
  const url = (await server.printed(/served at (http:\/\/[\d.]+:\d+)\/api/))[1] ?? "";
  const answer = await fetch(`${url}/readyz`);
  assert.equal(answer.status, 200, await answer.text());
  return url;
}

const asText = [
  "columns: z.object({ thing: z.string(), revenue: z.int() })",
  "columns: z.object({ thing: z.string(), revenue: z.string() })",
] as const;

interface Failure {
  readonly error: { readonly code: string; readonly message: string };
}

suite("columns that change", { concurrency: 2 }, () => {
  test("under a server: refused where it reads them, published when forced, without making anything again (N20)", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    const server = project.start(["serve", "--port", "0"]);
    const url = await readyAt(server);
    const before = await (await fetch(`${url}/api/revenue`)).text();

    project.edit("assets.ts", ...asText);
    project.edit("assets.ts", "sum(count * price) as revenue", "sum(count * price)::varchar as revenue");
    project.edit("assets.ts", 'check.range("revenue", { max: 1_000 })', 'check.notNull("revenue")');
    const refused = await project.run(["materialize", "sales/revenue"]);
    assert.equal(refused.code, 1, refused.stdout);
    assert.match(
      refused.stderr,
      /The endpoint GET \/revenue, served by \d+ on \S+, reads sales\/revenue\.revenue as BIGINT \(safe\), and would find it VARCHAR/,
    );
    assert.match(refused.stderr, /--force/);
    assert.equal(await (await fetch(`${url}/api/revenue`)).text(), before, "readers stay where they are");

    const again = await project.run(["materialize", "sales/revenue", "--json"]);
    assert.equal((JSON.parse(again.stderr) as Failure).error.code, "CONTRACT_BROKEN");
    const forced = await project.json<{ continued: number; published: number }>(
      "materialize",
      "sales/revenue",
      "--force",
    );
    assert.deepEqual(
      [forced.continued, forced.published],
      [1, 1],
      "what was made is published, not made again",
    );
    const broken = await fetch(`${url}/api/revenue`);
    assert.equal(broken.status, 503);
    assert.equal(((await broken.json()) as { code: string }).code, "SCHEMA_CHANGED");
    server.kill("SIGTERM");
    await server.ended;
  });

  test("under a server that can read them: it answers from the next publish on, as it was started (N6, N20)", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    const server = project.start(["serve", "--port", "0"]);
    const url = await readyAt(server);
    project.edit(
      "assets.ts",
      asText[0],
      "columns: z.object({ extra: z.string(), revenue: z.int32(), thing: z.string() })",
    );
    project.edit(
      "assets.ts",
      "select thing, sum(count * price) as revenue",
      "select thing, 'x' as extra, (sum(count * price) + 1)::integer as revenue",
    );
    await project.json("materialize", "sales/revenue");
    assert.deepEqual(await (await fetch(`${url}/api/revenue`)).json(), [
      { thing: "apple", revenue: 46 },
      { thing: "pear", revenue: 43 },
    ]);
    server.kill("SIGTERM");
    await server.ended;
  });

  test("of a partitioned asset: one partition alone is refused, --stale makes all of them (N6)", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    project.edit("assets.ts", "count: z.int() })", "count: z.string() })");
    project.edit("assets.ts", "count: 3 }", 'count: "3" }');
    project.edit("assets.ts", "count: 2 }", 'count: "2" }');
    const one = await project.run(["materialize", "orders", "--partition", "2001-02"]);
    assert.notEqual(one.code, 0);
    assert.match(
      one.stderr,
      /orders: the column count is stored as BIGINT \(safe\) and declared as VARCHAR, so its partitions have to be published together; left out: 2001-01, 2001-03/,
    );
    const plan = await project.json<{ steps: { key: string; causes: string[] }[] }>(
      "materialize",
      "orders",
      "--stale",
      "--explain",
    );
    assert.deepEqual(
      plan.steps.map(({ key, causes }) => [key, causes.at(-1)]),
      ["01", "02", "03"].map((month) => [
        `orders[2001-${month}]`,
        "the column count is stored as BIGINT (safe) and declared as VARCHAR",
      ]),
    );
    const made = await project.json<{ published: number }>("materialize", "orders", "--stale");
    assert.equal(made.published, 3);
  });

  test("of a partitioned asset: when one partition fails, the others are not published without it (N6)", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    project.edit("assets.ts", "count: z.int() })", "count: z.string() })");
    project.edit("assets.ts", "count: 3 }", 'count: "3" }');
    project.edit("assets.ts", "count: 2 }", 'count: partition.key === "2001-02" ? (2 as never) : "2" }');
    const failed = await project.run(["materialize", "orders", "--json"]);
    const report = JSON.parse(failed.stdout) as { status: string; published: number };
    assert.deepEqual([report.status, report.published], ["failure", 0]);
    const shown = await project.json<{ asset: { staleness: { stale: number } } }>("show", "orders");
    assert.equal(shown.asset.staleness.stale, 3);
  });
});
