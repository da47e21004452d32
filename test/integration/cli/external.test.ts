import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { CliProject } from "./cli-project.ts";

const rates = `
export const rates = externalAsset("rates", {
  columns: z.object({ rate: z.number() }),
  source: source.observed(async () => {
    appendFileSync(here + "/observed.log", "x");
    const text = existsSync(here + "/rates") ? readFileSync(here + "/rates", "utf8") : "";
    return text === "broken" ? (3 as never) : { dataVersion: text, metadata: { letters: text.length } };
  }),
});
export const ledger = externalAsset("ledger", { columns: z.object({ n: z.int() }), source: source.reported() });
export const converted = asset("converted", { value: z.number(), deps: { rates }, run: () => 1 });
export const balance = asset("balance", { value: z.number(), deps: { ledger }, run: () => 1 });
`;

function projectWithSources(t: TestContext): CliProject {
  const project = new CliProject(t);
  project.edit("assets.ts", "appendFileSync, existsSync", "appendFileSync, existsSync, readFileSync");
  project.write("assets.ts", `${project.read("assets.ts")}${rates}`);
  return project;
}

interface Listing {
  readonly assets: readonly {
    readonly key: string;
    readonly problem?: string;
    readonly staleness?: { readonly status: string; readonly causes: readonly string[] };
  }[];
}

suite("millrace observe and report", { concurrency: 2 }, () => {
  test("observing records data versions and metadata, and what was made from others is stale (N25)", async (t) => {
    const project = projectWithSources(t);
    project.write("rates", "v1");
    const { assets } = await project.json<{ assets: { key: string; changed: boolean; metadata: object }[] }>(
      "observe",
      "prices rates",
    );
    const byKey = assets.toSorted((a, b) => a.key.localeCompare(b.key));
    assert.deepEqual(
      byKey.map(({ key, changed, metadata }) => [key, changed, metadata]),
      [
        ["prices", true, {}],
        ["rates", true, { letters: 2 }],
      ],
    );
    await project.json("materialize", "converted");
    const standing = async (): Promise<string | undefined> =>
      (await project.json<Listing>("ls", "converted")).assets[0]?.staleness?.status;
    assert.equal(await standing(), "fresh");
    project.write("rates", "v2");
    const looks = project.read("observed.log");
    assert.equal(await standing(), "fresh", "a look calls nobody's code");
    assert.equal(project.read("observed.log"), looks);
    const again = await project.run(["observe", "rates"]);
    assert.match(again.stdout, /^rates +changed +v2 +letters=2$/m);
    assert.equal(await standing(), "stale");
    assert.match((await project.run(["observe", "rates"])).stdout, /^rates +unchanged +v2/m);
    const shown = await project.run(["show", "rates"]);
    assert.match(shown.stdout, /^ +v2 .*letters=2\n +v1 .*letters=2$/m);
    assert.match((await project.run(["events", "--asset", "rates"])).stdout, /asset\.observed {2}rates/);
    await project.json("materialize", "converted", "--stale");
    assert.equal(await standing(), "fresh");
  });

  test("what cannot be observed is told by name, and hinders no other", async (t) => {
    const project = projectWithSources(t);
    project.write("rates", "broken");
    const { code, stdout } = await project.run(["observe", "rates prices"]);
    assert.equal(code, 1);
    assert.match(stdout, /^rates +rates could not be observed: it gave no dataVersion/m);
    assert.match(stdout, /^prices +changed/m);
    const run = await project.run(["materialize", "converted"]);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /rates could not be observed/);
    const none = await project.run(["observe", "orders"]);
    assert.deepEqual([none.code, /selects no external asset/.test(none.stderr)], [2, true]);
  });

  test("a report makes what reads the asset stale, once for each key (N25)", async (t) => {
    const project = projectWithSources(t);
    const before = await project.run(["materialize", "balance"]);
    assert.notEqual(before.code, 0);
    assert.match(before.stderr, /ledger has never been reported/);
    const send = (...args: readonly string[]): ReturnType<CliProject["run"]> =>
      project.run(["report", "ledger", "--by", "loader", ...args]);
    const first = await send(
      "--data-version",
      "d1",
      "--metadata",
      "rows=3",
      "--metadata",
      "from=till",
      "--key",
      "k1",
    );
    assert.deepEqual([first.code, first.stdout], [0, "ledger is d1, reported by loader\n"]);
    await project.json("materialize", "balance");
    const again = await send(
      "--data-version",
      "d1",
      "--metadata",
      "from=till",
      "--metadata",
      "rows=3",
      "--key",
      "k1",
    );
    assert.match(again.stdout, /had been reported/);
    const other = await send("--data-version", "d2", "--key", "k1");
    assert.equal(other.code, 1);
    assert.match(other.stderr, /The key «k1» has been used for another report of ledger/);
    const status = async (): Promise<readonly unknown[]> => {
      const [balance] = (await project.json<Listing>("ls", "balance")).assets;
      return [balance?.staleness?.status, balance?.staleness?.causes];
    };
    assert.deepEqual(await status(), ["fresh", []]);
    await send("--data-version", "d2", "--key", "k2");
    assert.deepEqual(await status(), ["stale", ["ledger changed"]]);
    const { asset } = await project.json<{
      asset: { observations: { dataVersion: string; reportedBy: string; metadata: object }[] };
    }>("show", "ledger");
    assert.deepEqual(
      asset.observations.map(({ dataVersion, reportedBy, metadata }) => [dataVersion, reportedBy, metadata]),
      [
        ["d2", "loader", {}],
        ["d1", "loader", { rows: 3, from: "till" }],
      ],
    );
  });

  test("only what its maker tells of can be reported", async (t) => {
    const project = projectWithSources(t);
    const expected: [asset: string, code: number, message: RegExp][] = [
      ["orders", 2, /orders cannot be reported: it is made here/],
      ["prices", 2, /prices cannot be reported: it is observed/],
      ["ledgr", 2, /There is no asset ledgr/],
    ];
    for (const [asset, code, message] of expected) {
      const ended = await project.run(["report", asset, "--data-version", "x"]);
      assert.equal(ended.code, code);
      assert.match(ended.stderr, message);
    }
    const empty = await project.run(["report", "ledger", "--data-version", ""]);
    assert.match(empty.stderr, /its data version is empty/);
    assert.equal((await project.run(["report", "ledger"])).code, 2);
  });
});
