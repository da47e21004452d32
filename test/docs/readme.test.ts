import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { FlightsProject, type RunningDemo } from "../../examples/flights/test/flights-project.ts";
import { printsAs } from "../../scripts/docs/compare-output.ts";
import { guideSteps } from "../../scripts/docs/guide-steps.ts";
import { newcomersEnvironment, runShell } from "./shell.ts";

/** The pipeline takes seconds, but the machine may be busy with other tests. */
const patience = { timeout: 180_000 };

// In order: the demo of the first test serves in the second, and the third starts it again.
suite("the demo", () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-readme-"));
  const project = new FlightsProject();
  const env = newcomersEnvironment(folder);
  const ask = async (command: string): Promise<string> =>
    (await runShell(command, { cwd: folder, env })).output;
  let demo: RunningDemo;
  after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  test("makes everything, serves on PORT, and what it says to try is answered", patience, async () => {
    demo = await project.demo(env);
    assert.match(demo.output(), /^success in .*: 16 made; /m);
    const commands = demo.output().match(/^ {2}curl (?:.*\\\n)*.*$/gm) ?? [];
    const statuses: (string | undefined)[] = [];
    for (const command of commands) {
      const answer = await ask(command);
      statuses.push(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
      // Of those that do not show headers the body tells whether it went well.
      if (statuses.at(-1) === undefined) assert.doesNotMatch(answer, /"title"|^$/, command);
    }
    assert.deepEqual(statuses, ["200", "304", undefined, "200", undefined, "404", "422"]);
    const [page] = /http:\S+\/docs/.exec(demo.output()) ?? [];
    assert.match(await ask(`curl -i ${page}`), /^HTTP\/1\.1 301/);
  });

  test("answers the README's requests as it shows", patience, async () => {
    const requests = guideSteps(readFileSync("README.md", "utf8")).filter(
      (step) => step.step === "run" && step.command.startsWith("curl"),
    );
    assert.ok(requests.length >= 4);
    const differences: string[] = [];
    for (const step of requests) {
      if (step.step !== "run") continue;
      const output = await ask(step.command.replaceAll(":4000", `:${demo.port}`));
      if (!printsAs(step.output ?? "", output))
        differences.push(`README.md:${step.line}\n${step.command}${output}`);
    }
    assert.deepEqual(differences, []);
  });

  test("ends by Ctrl-C, and starts from what is there when it is run again", patience, async () => {
    await demo.interrupt();
    assert.match(demo.output(), /^ending: requests at work are answered/m);
    const again = await project.demo(env);
    assert.match(again.output(), /^nothing to do: 16 fresh$/m);
    const answer = await fetch(`http://127.0.0.1:${again.port}/api/routes?origin=SFO`);
    assert.equal(answer.status, 200);
    await again.interrupt();
  });
});
