import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";
import { wholeNumber } from "../whole-number.ts";

/** `millrace snapshot ls`: those that are kept. */
export function addSnapshotLs(snapshot: Command, finish: (code: ExitCode) => void): void {
  const command = snapshot
    .command("ls", { isDefault: true })
    .summary("list snapshots, the newest first")
    .description("Lists the snapshots that are kept: when they were published, by whom, and what keeps them.")
    .option("--limit <count>", "how many", wholeNumber, 20)
    .option("--before <number>", "only snapshots before this one: the next page", wholeNumber)
    .option("--pinned", "only those that have a name")
    .action(async (options: { limit: number; before?: number; pinned?: boolean }, self: Command) => {
      const invocation = invocationOf(self);
      const { listSnapshots } = await import("../../control/snapshots/snapshots.ts");
      const listing = await usingProject(invocation, ({ context }) => listSnapshots(options, context));
      await invocation.tell(listing, async () => {
        const { snapshotListing } = await import("../display/snapshot-listing.ts");
        return snapshotListing(listing, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace snapshot ls", does: "the newest 20" },
    { line: "millrace snapshot ls --pinned", does: "those with a name" },
    { line: "millrace snapshot ls --json", does: "as data" },
  ]);
}
