import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { CliProject } from "./cli-project.ts";

/** Assets that never end, and keep a timer of their own going. */
function deafProject(t: TestContext): CliProject {
  const project = new CliProject(t);
  project.write(
    "millrace.config.ts",
    `import { asset, defineProject } from "millrace";
    import * as z from "zod";
    const never = () => new Promise<number>(() => setInterval(() => undefined, 1000));
    const quick = asset("quick", { value: z.int(), run: () => 1 });
    const deaf = asset("deaf", { value: z.int(), timeout: "200ms", run: never });
    const patient = asset("patient", { value: z.int(), deps: { quick }, run: never });
    export default defineProject({ name: "deaf", definitions: [quick, deaf, patient] });`,
  );
  return project;
}

interface Report {
  readonly status: string;
  readonly published: number;
  readonly error?: { readonly code: string };
  readonly failures: readonly { readonly step: string; readonly code: string }[];
}

suite("a time limit on the command line", { concurrency: 2, timeout: 120_000 }, () => {
  test("a step that ignores its signal is one clear error, and keeps the command from nothing", async (t) => {
    const { code, stdout, stderr } = await deafProject(t).run(["materialize", "deaf"]);
    assert.deepEqual([code, stderr], [1, ""]);
    assert.match(stdout, /^✗ deaf {2}STEP_TIMED_OUT\n {2}it took longer than its time limit of 200 ms\n/m);
    assert.equal(stdout.match(/^✗/gm)?.length, 1);
  });

  test("--timeout bounds all steps of a run together, says which it stopped and publishes what passed", async (t) => {
    const project = deafProject(t);
    const args = ["materialize", "quick or patient", "--timeout", "1s"];
    const { code, stdout } = await project.run(args);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /✗ patient {2}RUN_TIMED_OUT\n.*longer than its time limit of 1\.0 s\n.*\n {2}→ What passed is published/,
    );
    assert.match(stdout, /^failed; published 1 of 2/m);
    const again = await project.run([...args, "--json"]);
    const report = JSON.parse(again.stdout) as Report;
    assert.deepEqual(
      [report.status, report.error?.code, report.failures.map(({ step, code }) => [step, code])],
      ["failure", "RUN_TIMED_OUT", [["patient", "RUN_TIMED_OUT"]]],
    );
  });

  for (const limit of ["soon", "25d"]) {
    test(`--timeout ${limit} is refused before anything is done`, async (t) => {
      const { code, stderr } = await deafProject(t).run(["materialize", "quick", "--timeout", limit]);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`--timeout.*"${limit}" is `));
    });
  }
});
