import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace runs show`: one run in full. */
export function addRunsShow(runs: Command, finish: (code: ExitCode) => void): void {
  const command = runs
    .command("show")
    .summary("show a run: steps, timings, errors, events")
    .description("Shows a run's steps with their timings and errors, and the events it left.")
    .argument("<id>", "the run's id, or the beginning of it")
    .action(async (id: string, _options: object, self: Command) => {
      const invocation = invocationOf(self);
      const { showRun } = await import("../../control/runs/show-run.ts");
      const run = await usingProject(invocation, ({ context }) => showRun(id, context));
      await invocation.tell(run, async () => {
        const { runDetails } = await import("../display/run-details.ts");
        return runDetails(run, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace runs show 3f2a91c4", does: "the run whose id begins so" },
    { line: "millrace runs show 3f2a91c4 --json", does: "as data" },
  ]);
}
