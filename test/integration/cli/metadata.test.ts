import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CliProject } from "./cli-project.ts";

const assets = `
export const model = asset("model", {
  value: z.int(),
  metadata: { wiki: meta.url("https://wiki.example/model"), owner: "ann" },
  run: (_, { metadata }) => {
    metadata({
      auc: 0.71,
      report: meta.markdown("# Fine\\n\\nas \\u001b[31mbefore"),
      sample: meta.table([{ id: 1, name: "apple" }, { id: 20, name: "pear", at: new Date(0) }]),
      columns: meta.tableSchema([{ name: "id", type: "bigint" }]),
      from: meta.columnLineage({ revenue: [meta.column("orders", "count"), meta.column("prices", "price")] }),
      long: meta.table(Array.from({ length: 30 }, (_, n) => ({ n }))),
    });
    return 1;
  },
});
export const plausible = assetCheck("plausible", {
  asset: model,
  run: () => ({ passed: true, metadata: { looked: 3, rows: meta.table([{ id: 7 }]) } }),
});
export const ledger = externalAsset("ledger", { columns: z.object({ n: z.int() }), source: source.reported() });
export const readings = asset("readings", { columns: z.object({ n: z.int() }), run: () => [{ n: 1 }, { n: 2 }] });
export const note = asset("note", { file: "text/plain", run: () => "twelve chars" });
`;

async function withModel(project: CliProject): Promise<void> {
  project.edit("assets.ts", "import { asset, check,", "import { asset, assetCheck, check, meta,");
  project.write("assets.ts", `${project.read("assets.ts")}${assets}`);
  assert.equal((await project.run(["materialize", "model readings note"])).code, 0);
}

interface Typed {
  readonly $meta: string;
  readonly value: unknown;
}

suite("metadata on the command line", { concurrency: 2 }, () => {
  test("is shown by its kind, and printed as it is kept with --json", async (t) => {
    const project = new CliProject(t);
    await withModel(project);
    const { stdout } = await project.run(["show", "model"]);
    const [, kept = ""] = stdout.split("\nmetadata\n");
    assert.equal(
      kept.split("\n").slice(0, 12).join("\n"),
      [
        "  wiki     https://wiki.example/model",
        "  owner    ann",
        "  auc      0.71",
        "  report   # Fine",
        "           as before",
        "  sample   ID  NAME   AT",
        "            1  apple",
        "           20  pear   1970-01-01T00:00:00.000Z",
        "  columns  NAME  TYPE",
        "           id    bigint",
        "  from     revenue ← orders.count, prices.price",
        "  long      N",
      ].join("\n"),
    );
    assert.match(kept, /^ {11}18\n {11}… 11 more lines$/m);
    assert.ok(!stdout.includes("\u001B[31m"), "what somebody wrote steers no terminal");
    const { asset } = await project.json<{
      asset: { metadata: Record<string, Typed>; versions: { metadata: Record<string, Typed> }[] };
    }>("show", "model");
    assert.deepEqual(asset.metadata, {
      wiki: { $meta: "url", value: "https://wiki.example/model" },
      owner: "ann",
    });
    assert.deepEqual(asset.versions[0]?.metadata["sample"]?.value, [
      { id: 1, name: "apple" },
      { id: 20, name: "pear", at: { $meta: "timestamp", value: "1970-01-01T00:00:00.000Z" } },
    ]);
    const check = await project.run(["checks", "show", "model", "plausible"]);
    assert.match(check.stdout, /^metadata\n {2}looked {2}3\n {2}rows {4}ID\n {10} 7$/m);
  });

  test("is told of each version, and compared by diff whether their content is equal or not", async (t) => {
    const project = new CliProject(t);
    await withModel(project);
    project.edit("assets.ts", "auc: 0.71,", "auc: 0.75, seen: new Date(0),");
    project.edit("assets.ts", 'columns: meta.tableSchema([{ name: "id", type: "bigint" }]),', "");
    assert.equal((await project.run(["materialize", "model"])).code, 0);
    const listed = await project.run(["versions", "model"]);
    assert.match(listed.stdout, /^[0-9a-f]{8} .* current +auc=0\.75 .*…$/m);
    assert.match(listed.stdout, /^[0-9a-f]{8} .* former +auc=0\.71 .*…$/m);
    const { versions } = await project.json<{ versions: { metadata: Record<string, unknown> }[] }>(
      "versions",
      "model",
    );
    assert.deepEqual(
      versions.map(({ metadata }) => metadata["auc"]),
      [0.75, 0.71],
    );
    const { stdout } = await project.run(["diff", "model"]);
    assert.equal(
      stdout.split("\n").slice(1).join("\n"),
      [
        "equal",
        "~ metadata auc: 0.71 → 0.75",
        "~ metadata seen: nothing → 1970-01-01T00:00:00.000Z",
        "~ metadata columns: (1 column) → nothing",
        "",
      ].join("\n"),
    );
    const diff = await project.json<{ equal: boolean; metadata: object[] }>("diff", "model");
    assert.equal(diff.equal, true);
    assert.deepEqual(diff.metadata[1], {
      name: "seen",
      after: { $meta: "timestamp", value: "1970-01-01T00:00:00.000Z" },
    });
    const orders = await project.run(["materialize", "orders"]);
    assert.equal(orders.code, 0);
    assert.equal((await project.json<{ metadata?: object[] }>("diff", "orders", "0")).metadata, undefined);
  });

  test("of a report may be of a kind, and one that cannot be kept is refused", async (t) => {
    const project = new CliProject(t);
    await withModel(project);
    const send = (metadata: string) =>
      project.run(["report", "ledger", "--data-version", "v1", "--metadata", metadata, "--by", "loader"]);
    const runbook = '{"$meta":"url","value":"https://wiki.example/ledger"}';
    assert.equal((await send(`runbook=${runbook}`)).code, 0);
    assert.match(
      (await project.run(["show", "ledger"])).stdout,
      /loader +runbook=https:\/\/wiki\.example\/ledger$/m,
    );
    const wrong = await send('runbook={"$meta":"link","value":"x"}');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /ledger: the metadata runbook cannot be kept: it is an object with \$meta/);
    assert.match(
      (await send(`x=${"a".repeat(40_000)}`)).stderr,
      /it takes more than 32,768 characters as JSON/,
    );
    const { asset } = await project.json<{ asset: { observations: object[] } }>("show", "ledger");
    assert.equal(asset.observations.length, 1);
  });

  test("of an observation is shown by its kind, and one that cannot be kept is told of its asset (N25)", async (t) => {
    const project = new CliProject(t);
    await withModel(project);
    project.edit(
      "assets.ts",
      "source.reported()",
      'source.observed(() => ({ dataVersion: "v1", metadata: { board: meta.url("https://x.example"), n: 1 } }))',
    );
    assert.match(
      (await project.run(["observe", "ledger"])).stdout,
      /^ledger .* board=https:\/\/x\.example n=1$/m,
    );
    project.edit("assets.ts", "n: 1 } })", "n: NaN } })");
    const { code, stdout } = await project.run(["observe", "ledger"]);
    assert.equal(code, 1);
    assert.match(stdout, /^ledger +ledger could not be observed: its metadata n cannot be kept: it is NaN/m);
  });

  test("rows and sizes are shown without being asked for; a mistake in a definition is told with its line", async (t) => {
    const project = new CliProject(t);
    await withModel(project);
    const shown = async (key: string) => (await project.run(["show", key])).stdout;
    assert.match(await shown("readings"), /^rows +2$/m);
    assert.match(await shown("readings"), /^size +\d+ B$/m);
    assert.match(await shown("note"), /^size +12 B$/m);
    assert.match(await shown("model"), /^size +1 B$/m);
    project.edit("assets.ts", 'owner: "ann"', "owner: new Map() as never");
    const { code, stdout } = await project.run(["validate"]);
    assert.equal(code, 1);
    assert.match(stdout, /asset model: the metadata owner cannot be kept: it is an instance of Map/);
    assert.match(stdout, /assets\.ts:\d+/);
  });
});
