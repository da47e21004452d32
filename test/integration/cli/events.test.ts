import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { suite, test } from "node:test";
import { CliProject } from "./cli-project.ts";

interface Told {
  readonly position: number;
  readonly at: string;
  readonly type: string;
  readonly asset?: string;
  readonly runId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const told = (stdout: string): readonly Told[] =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Told);

suite("millrace events", { concurrency: 2 }, () => {
  test("exports the log as lines of JSON, in order, and goes on after a position (N34)", async (t) => {
    const project = new CliProject(t);
    const empty = await project.run(["events", "--json"]);
    assert.deepEqual([empty.code, empty.stdout], [0, ""]);
    await project.json("materialize", "*");
    const all = told((await project.run(["events", "--json"])).stdout);
    assert.deepEqual(
      all.slice(0, 3).map(({ type }) => type),
      ["asset.observed", "run.created", "run.started"],
    );
    const positions = all.map(({ position }) => position);
    assert.deepEqual(
      positions,
      positions.toSorted((a, b) => a - b),
    );
    assert.match(all[0]?.at ?? "", /^\d{4}-\d\d-\d\dT.*Z$/);
    const middle = positions[4] ?? 0;
    const rest = told((await project.run(["events", "--json", "--since", String(middle)])).stdout);
    assert.deepEqual(rest, all.slice(5));
    const some = [
      "events",
      "--json",
      "--asset",
      "sales/revenue",
      "--type",
      "version",
      "--type",
      "step.started",
    ];
    const types = told((await project.run(some)).stdout).map(({ type }) => type);
    assert.deepEqual(types, ["step.started", "version.staged"]);
    const run = all.at(-1)?.runId?.slice(0, 8) ?? "";
    const ofRun = told((await project.run(["events", "--json", "--run", run])).stdout);
    assert.deepEqual(
      ofRun,
      all.filter(({ runId }) => runId === all.at(-1)?.runId),
    );
    const words = await project.run(["events", "--type", "published"]);
    assert.match(words.stdout, /^\d\d:\d\d:\d\d {2}published {2}snapshot 1: 4 versions\n$/);
  });

  test("follows what happens promptly, and Ctrl-C ends it cleanly", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "orders", "--partition", "2001-01");
    const following = project.start(["events", "-f", "--json", "--type", "step"]);
    const everything = project.start(["events", "-f", "--since", "0"]);
    await everything.printed(/published/);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal(following.output, "", "what was before is not told");
    project.write("hold-2001-02", "");
    const run = project.start(["materialize", "orders", "--partition", "2001-02"]);
    await following.printed(/"step\.started"/);
    assert.equal(following.output.includes("step.succeeded"), false, "told while the step is at work");
    rmSync(project.path("hold-2001-02"));
    await following.printed(/"step\.succeeded"/);
    assert.equal((await run.ended).code, 0);
    await everything.printed(/snapshot 2: 1 version/);
    following.kill("SIGINT");
    everything.kill("SIGTERM");
    const [first, second] = await Promise.all([following.ended, everything.ended]);
    assert.deepEqual([first.code, first.stderr, second.code, second.stderr], [0, "", 0, ""]);
    assert.deepEqual(
      told(first.stdout).map(({ type }) => type),
      ["step.started", "step.succeeded"],
    );
  });

  test("what there is none of is refused with one clear error", async (t) => {
    const project = new CliProject(t);
    const expected: [args: readonly string[], message: RegExp][] = [
      [["--type", "step.startd"], /Did you mean step\.started/],
      [["--since", "-1"], /A position is a whole number from 0 on/],
      [["--asset", "ordres"], /There is no asset ordres[^]*did you mean orders/],
      [["--run", "zzz"], /There is no run zzz/],
    ];
    for (const [args, message] of expected) {
      const { code, stdout, stderr } = await project.run(["events", ...args]);
      assert.deepEqual([code, stdout], [2, ""], args.join(" "));
      assert.match(stderr, message);
    }
  });
});
