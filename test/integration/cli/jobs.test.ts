import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { suite, test } from "node:test";
import type { CliProject } from "./cli-project.ts";
import { projectWithJobs } from "./jobs-project.ts";

/** What ops have left of what they did, once read. */
function made(project: CliProject): readonly string[] {
  if (!existsSync(project.path("made.log"))) return [];
  const lines = project.read("made.log").split("\n").filter(Boolean);
  project.write("made.log", "");
  return lines.toSorted((a, b) => a.localeCompare(b));
}

interface Report {
  readonly runId: string;
  readonly status: string;
  readonly job: string;
  readonly output: unknown;
  readonly failures: readonly { step: string; code: string; place: { file?: string; line?: number } }[];
}

suite("millrace run", { concurrency: 2 }, () => {
  test("runs a job, tells each step, and shows what it gave, as data in a form that can be read back", async (t) => {
    const project = projectWithJobs(t);
    const ran = await project.run(["run", "ingest"]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^run [0-9a-f]{8}: 2 steps and those of its lists\n/);
    assert.match(ran.stdout, /\[5\/5\] ✓ merge /);
    assert.match(ran.stdout, /\nsuccess in .*: 5 done\n\noutput\n {2}\{\n {4}"total": 30,\n/);
    assert.match(ran.stdout, /"newest": "1970-01-01T00:00:00.000Z"/);
    const report = await project.json<Report>("run", "ingest", "--set", "config.pages=1", "--tag", "by=hand");
    assert.deepEqual([report.status, report.job], ["success", "ingest"]);
    assert.deepEqual(report.output, {
      total: 10,
      newest: { $: "date", v: 0 },
      big: { $: "bigint", v: "12" },
      text: "xxx",
    });
    project.write("flags.json", JSON.stringify({ long: 5_000 }));
    const long = await project.run(["run", "ingest"]);
    assert.ok(long.stdout.length < 2_000, "what is long is cut");
    assert.match(long.stdout, /x…/);
  });

  test("what fails is told with its code, once for many items, and --from-failure does only that again", async (t) => {
    const project = projectWithJobs(t);
    project.write("flags.json", JSON.stringify({ broken: "p1,p2" }));
    const failed = await project.run(["run", "ingest"]);
    assert.equal(failed.code, 1);
    assert.match(
      failed.stdout,
      /✗ one_page\.fetch_page\[p1\], one_page\.fetch_page\[p2\] \(2 items\) {2}STEP_FAILED\n {2}no such page\n {2}at jobs\.ts:\d+\n/,
    );
    assert.match(failed.stdout, /--from-failure goes on with it/);
    const again = await project.run(["run", "ingest", "--new", "--json"]);
    assert.equal(again.code, 1);
    const { failures, runId } = JSON.parse(again.stdout) as Report;
    assert.deepEqual(
      failures.map(({ step, code }) => `${step} ${code}`),
      ["one_page.fetch_page[p1] STEP_FAILED", "one_page.fetch_page[p2] STEP_FAILED"],
    );
    assert.match(failures[0]?.place.file ?? "", /jobs\.ts$/);
    assert.match(
      (await project.run(["run", "ingest", "--explain"])).stdout,
      /failed; --from-failure would go on with it/,
    );
    project.write("flags.json", "{}");
    made(project);
    const mended = await project.run(["run", "ingest", "--from-failure"]);
    assert.equal(mended.code, 0, mended.stdout);
    assert.match(
      mended.stdout,
      new RegExp(`^continuing run ${runId.slice(0, 8)} \\(2 of 5 steps already done\\)`),
    );
    assert.deepEqual(made(project), ["fetch_page p1", "fetch_page p2", "merge"]);
  });

  test("Ctrl-C cancels it cleanly, and the same command goes on from there", async (t) => {
    const project = projectWithJobs(t);
    project.write("flags.json", JSON.stringify({ slow: 30_000 }));
    const running = project.start(["run", "ingest"]);
    await running.printed(/info: waiting/, 3);
    running.kill("SIGINT");
    const { code, stdout } = await running.ended;
    assert.equal(code, 130, stdout);
    assert.match(stdout, /canceled in .*: 1 done\n/);
    assert.match(stdout, /what is done is kept; the same command goes on from there/);
    project.write("flags.json", "{}");
    made(project);
    const explained = await project.run(["run", "ingest", "--explain"]);
    assert.match(explained.stdout, /was canceled and would be gone on with: 1 of 5 steps are done/);
    const goneOn = await project.run(["run", "ingest"]);
    assert.match(goneOn.stdout, /^continuing run/);
    assert.deepEqual(made(project), ["fetch_page p0", "fetch_page p1", "fetch_page p2", "merge"]);
  });

  test("--only runs some of its steps, given by the newest run what they need", async (t) => {
    const project = projectWithJobs(t);
    const early = await project.run(["run", "ingest", "--only", "merge"]);
    assert.equal(early.code, 1);
    assert.match(early.stderr, /What .* gives is needed, and no run of ingest has it that is kept/);
    await project.run(["run", "ingest"]);
    made(project);
    const merged = await project.run(["run", "ingest", "--only", "merge"]);
    assert.equal(merged.code, 0, merged.stderr);
    assert.match(merged.stdout, /given what they need by run [0-9a-f]{8}\n/);
    assert.deepEqual(made(project), ["merge"]);
    await project.run(["run", "ingest", "--only", "one_page, list_pages"]);
    assert.deepEqual(made(project), ["fetch_page p0", "fetch_page p1", "fetch_page p2", "list_pages"]);
    const unknown = await project.run(["run", "ingest", "--only", "fetch_page"]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /no step fetch_page\n {2}did you mean .*one_page\.fetch_page/);
    const { stdout } = await project.run(["run", "ingest", "--only", "merge", "--explain"]);
    assert.match(stdout, /given by run [0-9a-f]{8}, and not run\n {2}list_pages, one_page\.fetch_page/);
    assert.deepEqual(made(project), [], "explaining runs nothing");
  });

  test("--explain tells what would run, in words, as a picture and as data, and begins nothing", async (t) => {
    const project = projectWithJobs(t);
    const words = await project.run(["run", "refresh", "--explain"]);
    assert.match(
      words.stdout,
      /^job refresh\n\nsteps\n {2}merge {2}parts: \[\]\n {2}materialize {2}makes orders/,
    );
    assert.match(words.stdout, /assets\n {2}plan on snapshot 0: 3 steps\n {2}orders \[2001-01 to 2001-03/);
    const picture = await project.run(["run", "ingest", "--explain", "--mermaid"]);
    assert.match(picture.stdout, /^flowchart LR\n/);
    const data = await project.json<{ graph: { ops: number }; plans: { steps: object[] }[] }>(
      "run",
      "refresh",
      "--explain",
    );
    assert.deepEqual([data.graph.ops, data.plans.map(({ steps }) => steps.length)], [1, [3]]);
    assert.deepEqual(await project.json("runs", "ls"), { runs: [] });
    assert.deepEqual(made(project), []);
  });

  test("a job over assets is run and continued as they are, by its own rules", async (t) => {
    const project = projectWithJobs(t);
    const { stdout } = await project.run(["run", "nightly", "--partition", "2001-01"]);
    assert.match(stdout, /● published snapshot 1: 1 version {2}orders\[2001-01\]/, "it publishes each step");
    const explained = await project.run(["run", "nightly", "--explain"]);
    assert.match(explained.stdout, /^job nightly\n\nassets\n {2}plan on snapshot 1: 3 steps/);
    const { runs } = await project.json<{ runs: { job: string; partition: string }[] }>("runs", "ls");
    assert.deepEqual(
      runs.map(({ job, partition }) => [job, partition]),
      [["nightly", "2001-01"]],
    );
  });

  test("what cannot be meant is wrong usage, with what may have been", async (t) => {
    const project = projectWithJobs(t);
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [["ingset"], /There is no job ingset\n {2}did you mean ingest\?/],
      [["monthly_report"], /has partitions, 2001-01\.\.2001-04/],
      [["monthly_report", "--partition", "1999-01"], /1999-01 is no partition of monthly_report/],
      [["ingest", "--partition", "2001-01"], /the job ingest has no partitions/],
      [["ingest", "--set", "config.pages=0", "--set", "config.moed=fast"], /The config has 2 mistakes/],
      [["ingest", "--tag", "by"], /Write it like --tag by=hand/],
      [["ingest", "--only", "a,,b"], /Give the names of steps/],
      [["ingest", "--new", "--from-failure"], /cannot be used with/],
      [["nightly", "--only", "orders"], /The job nightly has no step orders/],
    ];
    for (const [args, expected] of cases) {
      const { code, stderr } = await project.run(["run", ...args]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, expected);
    }
    assert.deepEqual(await project.json("runs", "ls"), { runs: [] });
  });

  test("a secret of its config is in nothing that is printed or listed", async (t) => {
    const project = projectWithJobs(t);
    project.edit(
      "jobs.ts",
      "return merge({ parts });",
      "return { merged: merge({ parts }), token: config.token };",
    );
    const env = { TOKEN: "s3cret-of-the-job" };
    const args = ["--set", "config.token={$env: TOKEN}"];
    const ran = await project.run(["run", "ingest", ...args], env);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /"token": "\*\*\*"/);
    const json = await project.run(["run", "ingest", ...args, "--json"], env);
    const listed = await project.run(["runs", "ls", "--json"]);
    const { runId } = JSON.parse(json.stdout) as Report;
    const shown = await project.run(["runs", "show", runId]);
    for (const { stdout, stderr } of [ran, json, listed, shown])
      assert.doesNotMatch(stdout + stderr, /s3cret-of-the-job/);
  });
});

suite("millrace job", { concurrency: 2 }, () => {
  test("ls tells what jobs do, what their config is called and how they ran last", async (t) => {
    const project = projectWithJobs(t);
    await project.run(["run", "ingest"]);
    const { stdout } = await project.run(["job", "ls"]);
    assert.match(stdout, /\ningest +3 ops +pages, mode, token +(just now|\d+ s ago) +success\n/);
    assert.match(stdout, /\nmonthly_report +1 op +4 months +never\n/);
    assert.match(stdout, /\nnightly +makes orders +3 months +never\n/);
    const { jobs } = await project.json<{
      jobs: readonly { name: string; ops?: number; selection?: string; lastRun?: { status: string } }[];
    }>("job", "ls");
    assert.deepEqual(
      jobs.map(({ name, ops, selection, lastRun }) => [name, ops ?? selection, lastRun?.status]),
      [
        ["ingest", 3, "success"],
        ["monthly_report", 1, undefined],
        ["nightly", "orders", undefined],
        ["refresh", 1, undefined],
      ],
    );
  });

  test("show tells its config with types and defaults, its steps with their places, and its runs", async (t) => {
    const project = projectWithJobs(t);
    await project.run(["run", "ingest"]);
    const { stdout } = await project.run(["job", "show", "ingest"]);
    assert.match(stdout, /^job ingest {2}3 ops\nFetches all pages and puts them together\.\n/);
    assert.match(stdout, /config\.pages +integer +3 +How many pages\n/);
    assert.match(stdout, /config\.token +secret\n/);
    assert.match(stdout, /ops\["one_page\.fetch_page"\]\.base +string +"https:\/\/pages\.example"/);
    assert.match(stdout, /one_page\.fetch_page +fetch_page +jobs\.ts:\d+/);
    assert.match(stdout, /last runs\n +RUN +STATUS[^\n]*\n +[0-9a-f]{8} +success/);
    const details = await project.json<{ steps: { id: string }[]; runs: object[]; tags: object }>(
      "job",
      "show",
      "ingest",
    );
    assert.deepEqual(
      details.steps.map(({ id }) => id),
      ["list_pages", "one_page.fetch_page", "merge"],
    );
    assert.deepEqual([details.runs.length, details.tags], [1, { team: "web" }]);
    const missing = await project.run(["job", "show", "ingset"]);
    assert.deepEqual([missing.code, /did you mean ingest/.test(missing.stderr)], [2, true]);
  });

  test("schema and graph tell what it takes and how it fits together", async (t) => {
    const project = projectWithJobs(t);
    const schema = await project.json<{
      properties: { config: { properties: { token: object } }; ops: { properties: object } };
    }>("job", "schema", "ingest");
    assert.deepEqual(schema.properties.config.properties.token, {
      type: "string",
      writeOnly: true,
      format: "password",
    });
    assert.deepEqual(Object.keys(schema.properties.ops.properties), ["one_page.fetch_page"]);
    assert.match(
      (await project.run(["job", "graph", "ingest"])).stdout,
      /each_page {2}for each of list_pages/,
    );
    assert.match((await project.run(["job", "graph", "ingest", "--mermaid"])).stdout, /^flowchart LR\n/);
    assert.equal((await project.json<{ ops: number }>("job", "graph", "ingest")).ops, 3);
    assert.equal((await project.run(["job", "graph", "nightly"])).stdout, "makes orders\n  orders\n");
    assert.deepEqual(await project.json("job", "graph", "nightly"), {
      job: "nightly",
      selection: "orders",
      assets: [{ key: "orders", reads: [] }],
    });
    assert.match((await project.run(["job", "graph", "nightly", "--mermaid"])).stdout, /n0\["orders"\]/);
  });
});
