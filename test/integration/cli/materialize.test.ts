import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { suite, test } from "node:test";
import { CliProject } from "./cli-project.ts";

interface Report {
  readonly runId?: string;
  readonly status: string;
  readonly continued?: number;
  readonly snapshot?: number;
  readonly snapshots: readonly number[];
  readonly published: number;
  readonly fresh: number;
  readonly steps: readonly { readonly step: string; readonly result: string; readonly rowCount?: number }[];
  readonly failedChecks: readonly {
    readonly step: string;
    readonly check: string;
    readonly blocking: boolean;
  }[];
  readonly failures: readonly {
    readonly step: string;
    readonly code: string;
    readonly message: string;
    readonly place: { readonly asset: string; readonly file: string; readonly line: number };
    readonly fix: string;
  }[];
}

const months = ["2001-01", "2001-02", "2001-03"];

suite("millrace materialize", { concurrency: 2 }, () => {
  test("prints a line for each step, what was published and a summary, and then finds nothing stale", async (t) => {
    const project = new CliProject(t);
    const { code, stdout, stderr } = await project.run(["materialize", "*"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^run [0-9a-f]{8}: 4 steps$/m);
    for (const month of months) assert.ok(stdout.includes(`✓ orders[${month}]  2 rows  `), stdout);
    assert.match(stdout, /^\[4\/4\] ✓ sales\/revenue  2 rows  /m);
    assert.match(stdout, /^ {2}orders\[2001-01\]  info: asking the till$/m);
    assert.match(stdout, /^● published snapshot 1: 4 versions$/m);
    assert.match(stdout, /^success in .*: 4 made; 8 rows$/m);
    assert.ok(!stdout.includes("\u001B"), "off a terminal there are no control characters");

    const again = await project.run(["materialize", "*", "--stale"]);
    assert.deepEqual([again.code, again.stdout], [0, "nothing to do: 4 fresh\n"]);
  });

  test("publishes each step as it passes where it is asked to, and lists the snapshots (N16)", async (t) => {
    const project = new CliProject(t);
    const { code, stdout, stderr } = await project.run(["materialize", "orders", "--publish", "step"]);
    assert.equal(code, 0, stderr);
    const told = stdout.match(/^● published snapshot \d: 1 version {2}orders\[2001-0\d\]$/gm) ?? [];
    assert.equal(told.length, 3, stdout);
    const [, run = ""] = /^run ([0-9a-f]{8}): 3 steps$/m.exec(stdout) ?? [];
    const shown = await project.run(["runs", "show", run]);
    assert.match(shown.stdout, /^published +snapshots 1, 2, 3$/m);
    const wrong = await project.run(["materialize", "orders", "--publish", "later"]);
    assert.deepEqual([wrong.code, /Allowed choices are run, step/.test(wrong.stderr)], [2, true]);
    const report = await project.json<Report>("materialize", "orders", "--publish", "step");
    assert.deepEqual([report.snapshot, report.snapshots, report.published], [6, [4, 5, 6], 3]);
  });

  test("gives its result as JSON, and nothing else on standard output", async (t) => {
    const project = new CliProject(t);
    const report = await project.json<Report>("materialize", "orders", "--partitions", "2001-01..2001-02");
    assert.equal(report.status, "success");
    assert.equal(report.snapshot, 1);
    assert.match(report.runId ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual(
      report.steps
        .map(({ step, result, rowCount }) => [step, result, rowCount])
        .sort((a, b) => (String(a) < String(b) ? -1 : 1)),
      [
        ["orders[2001-01]", "made", 2],
        ["orders[2001-02]", "made", 2],
      ],
    );
    const nothing = await project.json<Report>("materialize", "orders", "--stale", "--partition", "2001-01");
    assert.deepEqual([nothing.status, nothing.fresh, nothing.runId], ["nothing to do", 1, undefined]);
  });

  test("explains what it would do, in words and as data, and does nothing", async (t) => {
    const project = new CliProject(t);
    const { code, stdout } = await project.run(["materialize", "+sales/revenue", "--explain"]);
    assert.equal(code, 0);
    assert.match(stdout, /^plan on snapshot 0: 4 steps$/m);
    assert.match(stdout, /^orders \[2001-01 to 2001-03, 3 partitions\]  runs: never materialized$/m);
    const plan = await project.json<{
      steps: { key: string; dependsOn: string[]; causes: string[] }[];
      blocked: unknown[];
    }>("materialize", "+sales/revenue", "--explain");
    const revenue = plan.steps.find((step) => step.key === "sales/revenue");
    assert.deepEqual(
      revenue?.dependsOn,
      months.map((month) => `orders[${month}]`),
    );
    assert.deepEqual(revenue.causes, ["never materialized"]);
    assert.throws(() => project.read("ran.log"), { code: "ENOENT" });
  });

  test("explains what it would do as a Mermaid flowchart, and does nothing", async (t) => {
    const project = new CliProject(t);
    const { code, stdout } = await project.run(["materialize", "+sales/revenue", "--mermaid"]);
    assert.equal(code, 0);
    assert.deepEqual(stdout.split("\n").slice(0, 6), [
      "flowchart LR",
      '  n0["orders<br/>2001-01 to 2001-03, 3 partitions: runs: never materialized"]:::runs',
      '  n1["sales/revenue<br/>runs: never materialized"]:::runs',
      '  n2(["prices"])',
      "  n0 --> n1",
      "  n2 --> n1",
    ]);
    assert.throws(() => project.read("ran.log"), { code: "ENOENT" });
  });

  test("explains that nothing would be run while something is blocked", async (t) => {
    const project = new CliProject(t);
    const { code, stdout } = await project.run([
      "materialize",
      "*",
      "--partitions",
      "2001-01..2001-02",
      "--explain",
    ]);
    assert.equal(code, 0);
    assert.deepEqual(stdout.trimEnd().split("\n"), [
      "plan on snapshot 0: 3 steps",
      "orders [2001-01 to 2001-02, 2 partitions]  runs: never materialized",
      "sales/revenue  runs: never materialized",
      "sales/revenue  blocked: orders lacks 2001-03",
      "so nothing would be run → Materialize what is missing first, or select it too.",
    ]);
  });

  test("a failed blocking check ends with 1, and says what failed, where and what to do", async (t) => {
    const project = new CliProject(t);
    project.write("prices.csv", "thing,price\napple,5000\npear,7\n");
    const { code, stdout } = await project.run(["materialize", "*"]);
    assert.equal(code, 1);
    assert.match(stdout, /^! sales\/revenue  blocking check range revenue failed: /m);
    assert.match(stdout, /^\[4\/4\] ✗ sales\/revenue  rejected: 1 blocking check failed$/m);
    assert.match(
      stdout,
      /^failed; published 3 of 4 \(snapshot 1\) in .*: 3 made, 1 failed; 6 rows$/m,
      "the rest was published",
    );
    assert.match(stdout, /^✗ sales\/revenue  CHECK_FAILED\n {2}at assets\.ts:\d+$/m);
    assert.equal(stdout.match(/range revenue/g)?.length, 1, "what was found is said once");
    assert.match(stdout, /^ {2}→ Readers keep the last good version/m);

    const { code: same, stdout: json } = await project.run(["materialize", "sales/revenue", "--json"]);
    const report = JSON.parse(json) as Report;
    assert.deepEqual([same, report.status], [1, "failure"]);
    assert.deepEqual(report.failedChecks[0]?.check, "range revenue");
    const [failure] = report.failures;
    assert.deepEqual([failure?.code, failure?.place.asset], ["CHECK_FAILED", "sales/revenue"]);
    assert.equal(failure?.place.file, project.path("assets.ts"));
    assert.match(failure.fix, /last good version/);
  });

  test("what lies below a failed step is skipped, with the reason", async (t) => {
    const project = new CliProject(t);
    project.edit(
      "assets.ts",
      "    return [\n",
      '    if (partition.key === "2001-02") throw new Error("the till is closed");\n    return [\n',
    );
    const { code, stdout } = await project.run(["materialize", "*"]);
    assert.equal(code, 1);
    assert.match(stdout, /✗ orders\[2001-02\]  failed: .*the till is closed/);
    assert.match(stdout, /- sales\/revenue  skipped: orders\[2001-02\] did not succeed/);
    assert.match(stdout, /: 2 made, 1 skipped, 1 failed; 4 rows$/m);
  });

  test("partitions that fail alike are told of together", async (t) => {
    const project = new CliProject(t);
    project.edit("assets.ts", "    return [\n", '    throw new Error("the till is closed");\n    return [\n');
    const { code, stdout } = await project.run(["materialize", "orders"]);
    assert.equal(code, 1);
    const summary = stdout.slice(stdout.indexOf("failed in "));
    assert.match(
      summary,
      /^✗ orders \[2001-01 to 2001-03, 3 partitions\] {2}STEP_FAILED\n {2}the till is closed\n {2}at assets\.ts:\d+\n {2}→ /m,
    );
    assert.equal(summary.match(/the till is closed/g)?.length, 1);
  });

  test("what is logged is printed with its fields", async (t) => {
    const project = new CliProject(t);
    project.edit("assets.ts", 'log.info("asking the till")', 'log.info("asking", { till: 2 })');
    const { stdout } = await project.run(["materialize", "orders", "--partition", "2001-01"]);
    assert.match(stdout, /^ {2}orders\[2001-01\] {2}info: asking {2}till=2$/m);
  });

  test("a selection of external assets only says that they are not materialized", async (t) => {
    const { code, stdout, stderr } = await new CliProject(t).run(["materialize", "prices"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(
      stderr,
      /^error: The selection «prices» selects external assets only; they are observed, not materialized\n {2}→ /,
    );
    assert.doesNotMatch(stderr, /did you mean/);
  });

  test("names that do not exist are wrong usage, with what may have been meant", async (t) => {
    const project = new CliProject(t);
    const { code, stdout, stderr } = await project.run(["materialize", "ordres"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(
      stderr,
      /^error: The selection «ordres» matches no asset\n {2}did you mean orders\?\n {2}→ millrace ls/,
    );

    const json = await project.run(["materialize", "group:sale", "--json"]);
    const { error } = JSON.parse(json.stderr) as {
      error: { code: string; suggestions: string[]; fix: string };
    };
    assert.deepEqual(
      [json.code, json.stdout, error.code, error.suggestions],
      [2, "", "SELECTION_EMPTY", ["group:sales"]],
    );
  });

  const wrong: readonly (readonly [why: string, args: readonly string[], said: RegExp])[] = [
    ["no selection", [], /missing required argument 'selection'/],
    ["an unknown option", ["orders", "--stael"], /unknown option '--stael'\n {2}did you mean --stale\?/],
    ["a partition that is none", ["orders", "--partition", "2001-04"], /2001-04 is no partition of orders/],
    ["a partition of what has none", ["sales/revenue", "--partition", "2001-01"], /has no partitions/],
    ["a stretch with one end", ["orders", "--partitions", "2001-01"], /first and the last/],
    [
      "a stretch the wrong way round",
      ["orders", "--partitions", "2001-03..2001-01"],
      /2001-03\.\.2001-01 is no partition of orders/,
    ],
    [
      "one partition and a stretch",
      ["orders", "--partition", "a", "--partitions", "a..b"],
      /cannot be used with/,
    ],
    ["an unknown attribute", ["colour:red"], /there is no attribute colour/],
  ];
  for (const [why, args, said] of wrong) {
    test(`${why} is wrong usage`, async (t) => {
      const { code, stdout, stderr } = await new CliProject(t).run(["materialize", ...args]);
      assert.deepEqual([code, stdout], [2, ""], stderr);
      assert.match(stderr, said);
      assert.ok(!stderr.includes("    at "), "no stack trace");
    });
  }

  test("what is missing upstream is told before anything is written", async (t) => {
    const project = new CliProject(t);
    const { code, stderr } = await project.run(["materialize", "sales/revenue"]);
    assert.equal(code, 1);
    assert.match(stderr, /sales\/revenue is blocked: orders lacks 2001-01, 2001-02, 2001-03/);
    assert.match(stderr, /→ Materialize what is missing first/);
    assert.deepEqual((await project.json<{ runs: unknown[] }>("runs", "ls")).runs, []);
  });

  test("Ctrl-C ends the run cleanly with 130; the same command goes on, and redoes nothing", async (t) => {
    const project = new CliProject(t);
    project.write("hold-2001-03", "");
    const running = project.start(["materialize", "*"]);
    await running.printed(/✓ orders\[2001-0[12]\]/, 2);
    running.kill("SIGINT");
    const { code, stdout } = await running.ended;
    assert.equal(code, 130, stdout);
    assert.match(stdout, /^canceling: /m);
    assert.match(
      stdout,
      /^canceled in .*: 2 made; 4 rows\nwhat is done is kept; the same command goes on from there$/m,
    );
    const [canceled] = (await project.json<{ runs: { status: string }[] }>("runs")).runs;
    assert.equal(canceled?.status, "canceled");

    rmSync(project.path("hold-2001-03"));
    const second = await project.run(["materialize", "*"]);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /^continuing run [0-9a-f]{8} \(2 of 4 steps already done\)$/m);
    assert.match(second.stdout, /^\[3\/4\] ✓ orders\[2001-03\]/m);
    assert.match(second.stdout, /^success in .*: 2 made, 2 done before; 4 rows$/m);
    assert.deepEqual(ran(project), ["2001-01", "2001-02", "2001-03", "2001-03"]);
  });

  test("a second Ctrl-C ends it at once", async (t) => {
    const project = new CliProject(t);
    // A step that never gives the thread back cannot be asked to stop.
    project.edit(
      "assets.ts",
      "await sleep(20)",
      "{ const until = Date.now() + 1; while (Date.now() < until); await sleep(0) }",
    );
    project.write("hold-2001-03", "");
    const running = project.start(["materialize", "orders"]);
    await running.printed(/✓ orders\[2001-0[12]\]/, 2);
    running.kill("SIGINT");
    running.kill("SIGINT");
    assert.equal((await running.ended).code, 130);
  });

  test("SIGTERM ends it cleanly with 143", async (t) => {
    const project = new CliProject(t);
    project.write("hold-2001-03", "");
    const running = project.start(["materialize", "orders"]);
    await running.printed(/✓ orders\[2001-0[12]\]/, 2);
    running.kill("SIGTERM");
    const { code, stdout } = await running.ended;
    assert.deepEqual([code, stdout.includes("canceled in ")], [143, true]);
  });

  test("a run whose process was killed shows as interrupted and is continued; --new starts over (N35)", async (t) => {
    const project = new CliProject(t);
    project.write("hold-2001-03", "");
    const running = project.start(["materialize", "*"]);
    await running.printed(/✓ orders\[2001-0[12]\]/, 2);
    running.kill("SIGKILL");
    await running.ended;
    const { runs } = await project.json<{ runs: { status: string; id: string }[] }>("runs");
    assert.deepEqual(
      runs.map((run) => run.status),
      ["interrupted"],
    );
    rmSync(project.path("hold-2001-03"));

    const second = await project.json<Report>("materialize", "*");
    assert.deepEqual([second.status, second.continued, second.runId], ["success", 2, runs[0]?.id]);
    assert.deepEqual(ran(project), ["2001-01", "2001-02", "2001-03", "2001-03"]);

    const third = await project.json<Report>("materialize", "*", "--new");
    assert.deepEqual([third.status, third.continued], ["success", undefined]);
    assert.deepEqual(
      third.steps.map((step) => step.result),
      Array.from({ length: 4 }, () => "unchanged"),
    );
    assert.equal(ran(project).length, 7);
  });

  const interrupted = {
    "--new starts over, though an interrupted run could be continued": {
      meanwhile: () => undefined,
      args: ["orders", "--new"],
      again: months,
    },
    "an interrupted run of other code is not continued": {
      meanwhile: (project: CliProject) => project.edit("assets.ts", "count: 3", "count: 4"),
      args: ["orders"],
      again: months,
    },
    "an interrupted run of another selection is not continued": {
      meanwhile: () => undefined,
      args: ["orders", "--partition", "2001-02"],
      again: ["2001-02"],
    },
  };
  for (const [what, { meanwhile, args, again }] of Object.entries(interrupted)) {
    test(what, async (t) => {
      const project = new CliProject(t);
      project.write("hold-2001-03", "");
      const running = project.start(["materialize", "orders"]);
      await running.printed(/✓ orders\[2001-0[12]\]/, 2);
      running.kill("SIGKILL");
      await running.ended;
      const { runs } = await project.json<{ runs: { id: string }[] }>("runs");
      rmSync(project.path("hold-2001-03"));
      meanwhile(project);
      const second = await project.json<Report>("materialize", ...args);
      assert.deepEqual([second.status, second.continued], ["success", undefined]);
      assert.notEqual(second.runId, runs[0]?.id);
      assert.deepEqual(ran(project), [...months, ...again].toSorted());
    });
  }

  test("a run that is still at work is not taken over (N35)", async (t) => {
    const project = new CliProject(t);
    project.write("hold-2001-03", "");
    const running = project.start(["materialize", "orders"]);
    await running.printed(/✓ orders\[2001-0[12]\]/, 2);
    const { code, stderr } = await project.run(["materialize", "orders"]);
    assert.equal(code, 1);
    assert.ok(stderr.includes(`is still at work (process ${running.pid} on `), stderr);
    assert.match(stderr, /^error: Run [0-9a-f]{8} of .*\n {2}→ Wait for it to end/);
    const other = await project.run(["materialize", "orders", "--new"]);
    assert.equal(other.code, 1);
    assert.match(other.stdout, /✗ orders\[2001-03\] {2}failed: it is being written by run [0-9a-f]{8}$/m);
    const { runs } = await project.json<{ runs: { id: string }[] }>("runs");
    const { steps } = await project.json<{ steps: { key: string; status: string }[] }>(
      "runs",
      "show",
      runs[0]?.id ?? "",
    );
    assert.equal(steps.find(({ key }) => key === "orders[2001-03]")?.status, "failure");
    rmSync(project.path("hold-2001-03"));
    assert.equal((await running.ended).code, 0);
  });

  test("something the project leaves open does not keep the command from ending", async (t) => {
    const project = new CliProject(t);
    project.edit("assets.ts", "const here", "setInterval(() => undefined, 1_000);\nconst here");
    assert.equal((await project.run(["materialize", "orders"])).code, 0);
  });
});

/** Months whose code ran, in order; a month stands there as often as it ran. */
function ran(project: CliProject): readonly string[] {
  return project
    .read("ran.log")
    .trim()
    .split("\n")
    .map((line) => line.replace("orders ", ""))
    .sort();
}
