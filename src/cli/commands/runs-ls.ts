import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";
import { wholeNumber } from "../whole-number.ts";

/** `millrace runs ls`: the newest runs. */
export function addRunsLs(runs: Command, finish: (code: ExitCode) => void): void {
  const command = runs
    .command("ls", { isDefault: true })
    .summary("list the newest runs")
    .description("Lists runs, the newest first.")
    .option("--limit <count>", "how many", wholeNumber, 20)
    .option("--before <id>", "only runs before this one: the next page")
    .action(async (options: { limit: number; before?: string }, self: Command) => {
      const invocation = invocationOf(self);
      const { listRuns } = await import("../../control/runs/list-runs.ts");
      const listing = await usingProject(invocation, ({ context }) => listRuns(options, context));
      await invocation.tell(listing, async () => {
        const { runListing } = await import("../display/run-listing.ts");
        return runListing(listing, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace runs ls", does: "the newest 20" },
    { line: "millrace runs ls --limit 5", does: "fewer" },
    { line: "millrace runs ls --json", does: "as data" },
  ]);
}
