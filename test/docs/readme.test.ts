import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FlightsProject } from "../../examples/flights/test/flights-project.ts";
import { printsAs } from "../../scripts/docs/compare-output.ts";
import { guideSteps } from "../../scripts/docs/guide-steps.ts";
import { newcomersEnvironment, runShell } from "./shell.ts";

test("the README's requests to the demo are answered as it shows", { timeout: 180_000 }, async () => {
  const requests = guideSteps(readFileSync("README.md", "utf8")).filter(
    (step) => step.step === "run" && step.command.startsWith("curl"),
  );
  assert.ok(requests.length >= 4);
  const folder = mkdtempSync(join(tmpdir(), "millrace-readme-"));
  await using project = new FlightsProject();
  try {
    const materialized = await project.run("materialize", "*");
    assert.equal(materialized.code, 0, materialized.output);
    const { port } = new URL(await project.serve());
    const env = newcomersEnvironment(folder);
    const differences: string[] = [];
    for (const step of requests) {
      if (step.step !== "run") continue;
      const { output } = await runShell(step.command.replaceAll(":4000", `:${port}`), { cwd: folder, env });
      if (!printsAs(step.output ?? "", output))
        differences.push(`README.md:${step.line}\n${step.command}${output}`);
    }
    assert.deepEqual(differences, []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
