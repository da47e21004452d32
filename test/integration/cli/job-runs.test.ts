import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { projectWithJobs } from "./jobs-project.ts";

interface Shown {
  readonly job: string;
  readonly only?: readonly string[];
  readonly partition?: string;
  readonly config?: object;
  readonly steps: readonly {
    readonly key: string;
    readonly partition?: string;
    readonly gave?: { readonly kind?: string; readonly value?: unknown; readonly bytes: number };
  }[];
}

suite("the run of a job", { concurrency: 2 }, () => {
  test("is shown with its job, its config without secrets, and what its ops gave", async (t) => {
    const project = projectWithJobs(t);
    project.write("flags.json", JSON.stringify({ long: 100_000 }));
    const args = ["--set", "config.pages=2", "--set", "config.token=s3cret-of-the-job"];
    const { runId } = await project.json<{ runId: string }>("run", "ingest", ...args);
    const { stdout } = await project.run(["runs", "show", runId]);
    assert.match(stdout, /\njob +ingest\n/);
    assert.match(stdout, /"pages": 2,\n +"token": "\*\*\*"/);
    assert.match(stdout, /list_pages +success +1 +\S+ \S+ +list of 2 {2}\[\{"name":"p0"\},\{"name":"p1"\}\]/);
    assert.match(
      stdout,
      /one_page\.fetch_page\[p0\] +success .*record {2}\{"name":"p0","size":10,"at":"1970/,
    );
    assert.match(stdout, /merge +success +1 +\S+ \S+ +100 kB\n/, "what is large is told by its size");
    assert.match(stdout, /step\.succeeded {2}list_pages {2}in \S+ \S+\n/, "an op makes no version");
    const shown = await project.json<Shown>("runs", "show", runId);
    assert.deepEqual([shown.job, shown.config], ["ingest", { config: { pages: 2, token: "***" } }]);
    const gave = new Map(shown.steps.map((step) => [step.key, step.gave]));
    assert.deepEqual(gave.get("one_page.fetch_page[p1]")?.value, {
      name: "p1",
      size: 10,
      at: { $: "date", v: 0 },
    });
    assert.equal(gave.get("merge")?.value, undefined);
    assert.ok((gave.get("merge")?.bytes ?? 0) > 100_000);
    assert.deepEqual([...new Set(shown.steps.map(({ partition }) => partition))], [undefined]);
    const listed = await project.run(["runs", "ls"]);
    assert.match(listed.stdout, /job ingest\n/);
    assert.match((await project.run(["events", "--type", "steps.added"])).stdout, /each_page {2}2 steps/);
  });

  test("of a list with many items shows the first, those that failed, and how many more", async (t) => {
    const project = projectWithJobs(t);
    project.write("flags.json", JSON.stringify({ broken: "p17,p18" }));
    const { code, stdout: ran } = await project.run(["run", "ingest", "--set", "config.pages=30", "--json"]);
    assert.equal(code, 1);
    const { runId } = JSON.parse(ran) as { runId: string };
    const { stdout } = await project.run(["runs", "show", runId]);
    const steps = stdout.slice(stdout.indexOf("\nsteps\n"), stdout.indexOf("\nevents\n"));
    const shown = [...steps.matchAll(/fetch_page\[(\w+)\]/g)].map(([, item]) => item);
    assert.deepEqual(shown, ["p0", "p1", "p2", "p17", "p18"]);
    assert.match(steps, /and 25 items more +25 success\n/);
    assert.match(steps, /fetch_page\[p17\] +failure +1 .*no such page/);
    assert.equal((await project.json<Shown>("runs", "show", runId)).steps.length, 32);
  });

  test("that was canceled says how it is gone on with", async (t) => {
    const project = projectWithJobs(t);
    project.write("flags.json", JSON.stringify({ slow: 30_000 }));
    const running = project.start(["run", "monthly_report", "--partition", "2001-02"]);
    await running.printed(/info: waiting/);
    running.kill("SIGINT");
    await running.ended;
    const { runs } = await project.json<{ runs: { id: string; partition: string }[] }>("runs", "ls");
    assert.equal(runs[0]?.partition, "2001-02");
    const { stdout } = await project.run(["runs", "show", runs[0]?.id ?? ""]);
    assert.match(stdout, /partition +2001-02\n/);
    assert.match(stdout, /to go on with it: millrace run monthly_report --partition 2001-02\n$/);
  });

  test("and jobs and ops are counted where a project is listed and validated", async (t) => {
    const project = projectWithJobs(t);
    assert.match((await project.run(["validate"])).stdout, /, 4 jobs, 3 ops: all good\n/);
    const valid = await project.json<{ jobs: number; ops: number }>("validate");
    assert.deepEqual([valid.jobs, valid.ops], [4, 3]);
    assert.match((await project.run(["ls"])).stdout, /environment main, snapshot 0, 4 jobs, 3 ops\n$/);
    const listed = await project.json<{ jobs: number; ops: number }>("ls");
    assert.deepEqual([listed.jobs, listed.ops], [4, 3]);
  });
});
