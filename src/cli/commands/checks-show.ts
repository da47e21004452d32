import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";
import { wholeNumber } from "../whole-number.ts";

/** `millrace checks show`: what one check has found so far. */
export function addChecksShow(checks: Command, finish: (code: ExitCode) => void): void {
  const command = checks
    .command("show")
    .summary("show what a check has found so far")
    .description(
      "Shows the evaluations of one check, the newest first, with their numbers: also those of versions that were rejected.",
    )
    .argument("<asset>", "the asset's key")
    .argument("<check...>", "the check's name")
    .option("--limit <count>", "how many evaluations", wholeNumber, 20)
    .action(async (asset: string, words: string[], options: { limit: number }, self: Command) => {
      const invocation = invocationOf(self);
      // A name often has spaces in it, and quoting it is easily forgotten.
      const request = { asset, check: words.join(" "), limit: options.limit };
      const { showCheck } = await import("../../control/checks/show-check.ts");
      const check = await usingProject(invocation, ({ context }) => showCheck(request, context));
      await invocation.tell({ check }, async () => {
        const { checkDetails } = await import("../display/check-details.ts");
        return checkDetails(check, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace checks show daily_delays 'row count'", does: "one check over time" },
    { line: "millrace checks show orders 'unique id' --limit 5", does: "its last five evaluations" },
  ]);
}
