import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { CliProject } from "./cli-project.ts";

interface Listing {
  readonly project: string;
  readonly snapshot: number;
  readonly assets: readonly {
    readonly key: string;
    readonly external: boolean;
    readonly rowCount?: number;
    readonly lastMaterialized?: string;
    readonly lastObserved?: string;
    readonly problem?: string;
    readonly partitions?: {
      readonly first: string;
      readonly last: string;
      readonly count: number;
      readonly materialized: number;
    };
    readonly staleness?: {
      readonly status: string;
      readonly fresh: number;
      readonly stale: number;
      readonly upstreamStale: number;
      readonly missing: number;
      readonly causes: readonly string[];
    };
  }[];
  readonly endpoints: readonly { readonly route: string; readonly notMaterialized: readonly string[] }[];
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

suite("millrace ls", { concurrency: 2 }, () => {
  test("lists assets and endpoints, aligned, before and after they are made", async (t) => {
    const project = new CliProject(t);
    const before = await project.run(["ls"]);
    assert.equal(before.code, 0, before.stderr);
    assert.match(before.stdout, /^ASSET +KIND +GROUP +PARTITIONS +LAST MATERIALIZED +STATE$/m);
    assert.match(before.stdout, /^orders +table +sales +0 of 3 months +never +missing$/m);
    assert.match(before.stdout, /^prices +table, external +seen just now$/m);
    assert.match(before.stdout, /^GET \/revenue +revenues +sales\/revenue +waits for sales\/revenue$/m);

    await project.json("materialize", "*");
    const after = await project.run(["ls"]);
    assert.match(after.stdout, /^orders +table +sales +3 of 3 months +6 +(just now|\d+ s ago) +fresh$/m);
    assert.match(after.stdout, /^GET \/revenue +revenues +sales\/revenue$/m);
    assert.match(after.stdout, /^shop, environment main, snapshot 1$/m);
  });

  test("tells what is missing, stale, upstream stale and why", async (t) => {
    const project = new CliProject(t);
    const standing = async () => {
      const { assets } = await project.json<Listing>("ls");
      return Object.fromEntries(assets.map(({ key, staleness }) => [key, staleness]));
    };
    await project.json("materialize", "orders", "--partition", "2001-01");
    assert.deepEqual((await standing())["orders"], {
      status: "stale",
      fresh: 1,
      stale: 0,
      upstreamStale: 0,
      missing: 2,
      held: 0,
      holds: [],
      causes: ["never materialized"],
    });
    await project.json("materialize", "*");
    project.write("prices.csv", "thing,price\napple,6\npear,7\n");
    const moved = await standing();
    assert.equal(moved["orders"]?.status, "fresh");
    assert.deepEqual(
      [moved["sales/revenue"]?.status, moved["sales/revenue"]?.causes],
      ["stale", ["prices changed"]],
    );
    await project.json("materialize", "*", "--stale");
    project.edit("assets.ts", "count: 3", "count: 4");
    const edited = await standing();
    assert.deepEqual(
      [edited["orders"]?.stale, edited["orders"]?.causes],
      [3, ["its code changed (assets.ts)"]],
    );
    assert.deepEqual(edited["sales/revenue"]?.status, "upstream stale");
  });

  test("gives data with ISO times, and takes a selection", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    const { assets, endpoints, snapshot } = await project.json<Listing>("ls", "orders", "prices");
    assert.deepEqual(
      [assets.map(({ key }) => key).sort(), endpoints, snapshot],
      [["orders", "prices"], [], 1],
    );
    const orders = assets.find(({ key }) => key === "orders");
    const prices = assets.find(({ key }) => key === "prices");
    assert.match(orders?.lastMaterialized ?? "", isoTime);
    assert.match(prices?.lastObserved ?? "", isoTime);
    const { first, last, count, materialized } = orders?.partitions ?? {};
    assert.deepEqual([first, last, count, materialized, orders?.rowCount], ["2001-01", "2001-03", 3, 3, 6]);
  });

  test("a source that is not there is told, and hinders nothing else", async (t) => {
    const project = new CliProject(t);
    project.edit("assets.ts", '"prices.csv"', '"gone.csv"');
    const { assets } = await project.json<Listing>("ls");
    assert.equal(assets.find(({ key }) => key === "prices")?.problem, "prices: gone.csv does not exist");
    assert.equal(assets.length, 3);
  });
});

suite("millrace show", { concurrency: 2 }, () => {
  test("shows an asset: definition, lineage, columns, checks, versions", async (t) => {
    const project = new CliProject(t);
    project.write("prices.csv", "thing,price\napple,5\npear,7\n");
    await project.json("materialize", "*");
    const { code, stdout } = await project.run(["show", "sales/revenue"]);
    assert.equal(code, 0);
    for (const line of [
      /^sales\/revenue {2}table$/m,
      /^defined +assets\.ts:\d+$/m,
      /^reads +orders, prices$/m,
      /^read by +GET \/revenue$/m,
      /^ {2}thing +VARCHAR +no$/m,
      /^ {2}from orders join prices using \(thing\)$/m,
      /^ {2}unique thing {2}passed /m,
      /^ +2 +\d+ B +.+ +1 +[0-9a-f]{8} +[0-9a-f]{8}$/m,
    ]) {
      assert.match(stdout, line);
    }
    const { asset } = await project.json<{
      asset: {
        versions: { partition: string; rowCount: number; runId: string }[];
        checks: { evaluations: { passed: boolean }[] }[];
      };
    }>("show", "orders");
    assert.deepEqual(
      asset.versions.map(({ partition, rowCount }) => [partition, rowCount]),
      [
        ["2001-01", 2],
        ["2001-02", 2],
        ["2001-03", 2],
      ],
    );
    assert.deepEqual(
      asset.checks[0]?.evaluations.map(({ passed }) => passed),
      [true, true, true],
    );
  });

  test("shows whose an asset is, what is kept with it and how it is tried", async (t) => {
    const project = new CliProject(t);
    project.edit(
      "assets.ts",
      'tags: { team: "shop" },',
      'tags: { team: "shop", pii: "" }, owners: ["team:sales", "ann@shop.example"], ' +
        'metadata: { wiki: "https://wiki.example/orders", tables: ["a", "b"] }, ' +
        'retry: { max: 2, delay: "1s" }, timeout: "5m",',
    );
    const { stdout } = await project.run(["show", "orders"]);
    for (const line of [
      /^Orders, month by month$/m,
      /^group +sales$/m,
      /^tags +team=shop, pii$/m,
      /^owners +team:sales, ann@shop\.example$/m,
      /^partitions +0 of 3 months \(2001-01 to 2001-03\)$/m,
      /^retries +2$/m,
      /^timeout +5 min 0 s$/m,
      /^ {2}wiki +https:\/\/wiki\.example\/orders$/m,
      /^ {2}tables +\["a","b"\]$/m,
    ]) {
      assert.match(stdout, line);
    }
    const { asset } = await project.json<{ asset: Record<string, unknown> }>("show", "orders");
    assert.deepEqual(
      [asset["owners"], asset["tags"], asset["metadata"], asset["timeoutMs"]],
      [
        ["team:sales", "ann@shop.example"],
        { team: "shop", pii: "" },
        { wiki: "https://wiki.example/orders", tables: ["a", "b"] },
        300_000,
      ],
    );
  });

  test("says above the current version that the last attempt failed, until one succeeds", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    assert.doesNotMatch((await project.run(["show", "sales/revenue"])).stdout, /last attempt/);
    project.write("prices.csv", "thing,price\napple,5000\npear,7\n");
    await project.run(["materialize", "sales/revenue"]);
    const rejected = await project.run(["show", "sales/revenue"]);
    assert.match(
      rejected.stdout,
      /^last attempt failed (just now|\d+ s ago) in run [0-9a-f]{8}: range revenue: .*\n\ncurrent\n/m,
    );
    project.edit("assets.ts", "    return [\n", '    throw new Error("the till is closed");\n    return [\n');
    await project.run(["materialize", "orders"]);
    assert.match(
      (await project.run(["show", "orders"])).stdout,
      /^2001-01 to 2001-03, 3 partitions: last attempt failed .* in run [0-9a-f]{8}: the till is closed$/m,
    );
    project.write("prices.csv", "thing,price\napple,5\npear,7\n");
    await project.json("materialize", "sales/revenue");
    assert.doesNotMatch((await project.run(["show", "sales/revenue"])).stdout, /last attempt/);
  });

  test("shows an endpoint by route, path or name, quoted or not", async (t) => {
    const project = new CliProject(t);
    for (const args of [["GET /revenue"], ["GET", "/revenue"], ["/revenue"], ["revenues"]]) {
      const { code, stdout } = await project.run(["show", ...args]);
      assert.equal(code, 0);
      assert.match(stdout, /^GET \/revenue {2}endpoint$/m);
      assert.match(stdout, /^served at +\/api\/revenue$/m);
      assert.match(stdout, /^defined +api\.ts:6$/m);
    }
    const { endpoint } = await project.json<{ endpoint: { inputs: { params: string[] } } }>("show", "slow");
    assert.deepEqual(endpoint.inputs.params, ["ms"]);
  });

  test("suggests what may have been meant", async (t) => {
    const { code, stderr } = await new CliProject(t).run(["show", "revenue"]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /There is no asset revenue\n {2}did you mean revenues or GET \/revenue or sales\/revenue\?/,
    );
  });
});

suite("millrace runs", { concurrency: 2 }, () => {
  test("lists runs, newest first, page by page", async (t) => {
    const project = new CliProject(t);
    assert.match((await project.run(["runs", "ls"])).stdout, /no runs yet/);
    for (const month of ["2001-01", "2001-02", "2001-03"]) {
      await project.json("materialize", "orders", "--partition", month);
    }
    const { stdout } = await project.run(["runs"]);
    assert.match(stdout, /^RUN +STATUS +STEPS +TOOK +CREATED +SELECTION$/m);
    assert.equal(stdout.match(/success/g)?.length, 3);
    interface Page {
      readonly runs: readonly { readonly id: string; readonly createdAt: string }[];
      readonly next?: string;
    }
    const first = await project.json<Page>("runs", "ls", "--limit", "2");
    const second = await project.json<Page>("runs", "ls", "--limit", "2", "--before", first.next ?? "");
    const all = [...first.runs, ...second.runs];
    assert.deepEqual([new Set(all.map(({ id }) => id)).size, second.next], [3, undefined]);
    assert.deepEqual(
      all.map(({ createdAt }) => createdAt),
      all
        .map(({ createdAt }) => createdAt)
        .sort()
        .toReversed(),
    );
    const { code, stderr } = await project.run(["runs", "ls", "--limit", "none"]);
    assert.deepEqual([code, /whole number/.test(stderr)], [2, true]);
  });

  test("shows a run by the beginning of its id: steps, timings, errors, events", async (t) => {
    const project = new CliProject(t);
    project.write("prices.csv", "thing,price\napple,5000\npear,7\n");
    await project.run(["materialize", "*"]);
    const { runs } = await project.json<{ runs: { id: string }[] }>("runs");
    const id = runs[0]?.id ?? "";
    const { code, stdout } = await project.run(["runs", "show", id.slice(0, 6)]);
    assert.equal(code, 0);
    assert.ok(stdout.startsWith(`run ${id}  failure\n`), stdout);
    assert.match(stdout, /^ {2}orders\[2001-01\] +success +1 +[\d.]+ m?s$/m);
    assert.match(stdout, /^ {2}sales\/revenue +failure +1 +[\d.]+ m?s +.*range revenue/m);
    assert.match(stdout, /version\.rejected {2}sales\/revenue {2}version [0-9a-f]{8}: .*range revenue/);
    assert.match(stdout, /^ {2}\d\d:\d\d:\d\d {2}step\.started {2}orders\[2001-01\]$/m);
    assert.match(stdout, /step\.succeeded {2}orders\[2001-01\] {2}in [\d.]+ m?s, version [0-9a-f]{8}$/m);
    const events = stdout.slice(stdout.indexOf("events"));
    assert.doesNotMatch(events, /[0-9a-f]{8}-[0-9a-f]{4}-|\bfrom=|versionId/);
    const run = await project.json<{
      events: { type: string; at: string }[];
      steps: { key: string; milliseconds: number }[];
    }>("runs", "show", id);
    assert.equal(run.steps.length, 4);
    assert.ok(run.steps.every(({ milliseconds }) => milliseconds >= 0));
    assert.equal(run.events[0]?.type, "run.created");
    assert.match(run.events[0].at, isoTime);
    const missing = await project.run(["runs", "show", "zzzz"]);
    assert.deepEqual([missing.code, /There is no run zzzz/.test(missing.stderr)], [2, true]);
  });
});

suite("millrace validate", { concurrency: 2 }, () => {
  test("a good project is all good, and neither state nor data is touched", async (t) => {
    const project = new CliProject(t);
    const { code, stdout } = await project.run(["validate"]);
    assert.deepEqual([code, stdout], [0, "3 assets, 5 endpoints: all good\n"]);
    assert.throws(() => readFileSync(project.path(".millrace/state.db")), { code: "ENOENT" });
  });

  test("every mistake is told with its place, code and remedy", async (t) => {
    const project = new CliProject(t);
    project.edit(
      "assets.ts",
      'check.unique("thing")',
      'check.unique("thing"), check.notNull("thin" as "thing")',
    );
    project.edit("api.ts", '"GET /greeting"', '"GET /revenue"');
    const { code, stdout } = await project.run(["validate"]);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^assets\.ts:\d+ +UNKNOWN_COLUMN {2}sales\/revenue: .* → Correct the name, or declare the column\.$/m,
    );
    assert.match(stdout, /^api\.ts:\d+ +ENDPOINT_ROUTE_CLASH {2}.* → Change one of the two routes\.$/m);
    assert.match(stdout, /^2 mistakes$/m);

    const json = await project.run(["validate", "--json"]);
    const { valid, problems } = JSON.parse(json.stdout) as {
      valid: boolean;
      problems: { code: string; place: { file: string; line: number } }[];
    };
    assert.deepEqual([json.code, valid, problems.length], [1, false, 2]);
    assert.deepEqual(
      [problems[0]?.code, problems[0]?.place.file],
      ["UNKNOWN_COLUMN", project.path("assets.ts")],
    );
    const materialize = await project.run(["materialize", "*"]);
    assert.equal(materialize.code, 1);
    assert.match(materialize.stderr, /^ {2}assets\.ts:\d+ +UNKNOWN_COLUMN/m);
  });

  test("a module that cannot be loaded is told with file and line", async (t) => {
    const project = new CliProject(t);
    project.edit("api.ts", "export const greeting", "const greeting: = 3;\nexport const greeting");
    const { code, stdout } = await project.run(["validate"]);
    assert.equal(code, 1);
    assert.match(stdout, /^api\.ts:13 +PROJECT_LOAD_FAILED +The project could not be loaded: /m);
    assert.equal(stdout.match(/api\.ts/g)?.length, 1, "the place is told once");
  });

  test("a package.json for CommonJS is told with the command that mends it", async (t) => {
    const project = new CliProject(t);
    project.write("package.json", '{ "name": "shop", "type": "commonjs" }');
    const { code, stderr } = await project.run(["materialize", "*"]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error: By its package\.json .*\n {2}at package\.json\n {2}→ Run: npm pkg set type=module\.$/m,
    );
  });

  test("outside a project the command says how to name one", async (t) => {
    const project = new CliProject(t);
    const { code, stderr } = await project.run(["validate", "--project", ".."]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /No millrace\.config\.ts in .*\n {2}→ Run the command inside a project, or name its folder/,
    );
    const named = await project.run(["validate", "--project", project.folder, "--json"]);
    assert.equal(named.code, 0);
  });
});

suite("millrace", { concurrency: 2 }, () => {
  test("prints its version and help on standard output", async (t) => {
    const project = new CliProject(t);
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    assert.deepEqual(await project.run(["--version"]), { code: 0, stdout: `${version}\n`, stderr: "" });
    const bare = await project.run([]);
    const help = await project.run(["--help"]);
    assert.deepEqual([bare.code, bare.stdout], [0, help.stdout]);
    assert.match(help.stdout, /Exit codes: 0 done, 1 the work failed, 2 wrong usage/);
  });

  test("an unknown command is wrong usage", async (t) => {
    const project = new CliProject(t);
    const { code, stdout, stderr } = await project.run(["materialise", "x"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /unknown command 'materialise'\n {2}did you mean materialize\?/);
    const json = JSON.parse((await project.run(["nope", "--json"])).stderr) as { error: { code: string } };
    assert.equal(json.error.code, "USAGE");
  });

  test("help loads neither the engine nor the server", async (t) => {
    const project = new CliProject(t);
    const { stdout, stderr, code } = await project.run(["--help"], { NODE_DEBUG: "esm" });
    assert.equal(code, 0);
    assert.ok(stdout.includes("Usage: millrace"));
    assert.ok(stderr.includes("node_modules/commander/"), "the list of what is loaded is one");
    for (const heavy of ["@duckdb", "fastify", "zod", "kysely", "log-update"]) {
      assert.ok(!stderr.includes(`node_modules/${heavy}/`), heavy);
    }
  });

  test("colours come with FORCE_COLOR, and never with --no-color", async (t) => {
    const project = new CliProject(t);
    const env = { NO_COLOR: undefined, FORCE_COLOR: "1" };
    assert.ok((await project.run(["ls"], env)).stdout.includes("\u001B["));
    assert.ok(!(await project.run(["ls", "--no-color"], env)).stdout.includes("\u001B["));
  });

  test("a stack trace is shown only when it is asked for", async (t) => {
    const project = new CliProject(t);
    const quiet = await project.run(["show", "nope"]);
    const loud = await project.run(["show", "nope"], { MILLRACE_DEBUG: "1" });
    assert.deepEqual([quiet.stderr.includes("    at "), loud.stderr.includes("    at ")], [false, true]);
  });
});
