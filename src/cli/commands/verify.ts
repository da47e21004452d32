import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace verify`: is what lies in the store what was written? */
export function addVerify(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("verify")
    .summary("read everything, and compare it with what was written")
    .description(
      "Reads every byte of the versions that are current (or were, at a snapshot), and compares rows and digests with " +
        "those that were recorded when they were written. Names asset, partition, version and file of what is missing " +
        "or damaged. Exits with 1 when something is.",
    )
    .argument("[selection...]", "which assets; all when absent")
    .option("--at <snapshot>", "a number, a pinned name or a time; the newest when absent")
    .action(async (selection: string[], { at }: { at?: string }, self: Command) => {
      const invocation = invocationOf(self);
      const { verify } = await import("../../control/versions/verify.ts");
      const { openReading } = await import("../../app/open-reading.ts");
      const request = { selection: selection.join(" ") || "*", ...(at === undefined ? {} : { at }) };
      const found = await usingProject(invocation, async (open) => {
        const reading = await openReading(open);
        try {
          return await verify(request, open.context, reading);
        } finally {
          await reading.close();
        }
      });
      await invocation.tell(found, async () => {
        const { verificationText } = await import("../display/verification-text.ts");
        return verificationText(found);
      });
      finish(found.damaged.length === 0 ? exitCode.ok : exitCode.failed);
    });
  withExamples(command, [
    { line: "millrace verify", does: "all that is current" },
    { line: "millrace verify daily_delays", does: "one asset" },
    { line: "millrace verify --at audited --json", does: "a pinned snapshot, as data" },
  ]);
}
