import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace checks ls`: each check with its last word. */
export function addChecksLs(checks: Command, finish: (code: ExitCode) => void): void {
  const command = checks
    .command("ls", { isDefault: true })
    .summary("list checks with what they found last")
    .description(
      "Lists the checks of all assets, or of a selection, each with its last word on what is current.",
    )
    .argument("[selection...]", "of which assets; of all when absent")
    .option("--failed", "only those that failed")
    .action(async (words: string[], options: { failed?: boolean }, self: Command) => {
      const invocation = invocationOf(self);
      const request = {
        ...(words.length === 0 ? {} : { selection: words.join(" ") }),
        failedOnly: options.failed ?? false,
      };
      const { listChecks } = await import("../../control/checks/list-checks.ts");
      const listing = await usingProject(invocation, ({ context }) => listChecks(request, context));
      await invocation.tell(listing, async () => {
        const { checkListing } = await import("../display/check-listing.ts");
        return checkListing(listing, request.failedOnly, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace checks", does: "all of them" },
    { line: "millrace checks daily_delays --failed", does: "those of one asset that failed" },
    { line: "millrace checks 'group:sales' --json", does: "as data" },
  ]);
}
