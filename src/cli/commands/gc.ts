import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace gc`: gives up what the retention no longer keeps. */
export function addGc(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("gc")
    .summary("give up what the retention no longer keeps")
    .description(
      "Gives up snapshots beyond the retention (30 days, or as the project says) with the versions that only they need, " +
        "and removes the bytes of what was given up at least a grace ago (15 minutes, or as the project says), when no " +
        "request can be reading them any longer. What is current, pinned, held or read by a run at work stays; so does " +
        "what is told of versions that are gone. Can be stopped at any time, and run while everything else goes on.",
    )
    .option("--dry-run", "say what would go, and change nothing")
    .action(async ({ dryRun = false }: { dryRun?: boolean }, self: Command) => {
      const invocation = invocationOf(self);
      const { collectGarbage } = await import("../../control/retention/collect-garbage.ts");
      const collection = await usingProject(invocation, ({ context }) => collectGarbage(context, { dryRun }));
      await invocation.tell(collection, async () => {
        const { collectionText } = await import("../display/collection-text.ts");
        return collectionText(collection);
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace gc --dry-run", does: "what would go" },
    { line: "millrace gc", does: "give up and remove; once a day, for instance" },
    { line: "millrace gc --json", does: "the same, as data" },
  ]);
}
