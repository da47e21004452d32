import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";
import { wholeNumber } from "../whole-number.ts";

interface Options {
  readonly partition?: string;
  readonly asOf?: string;
  readonly limit: number;
  readonly before?: string;
}

/** `millrace versions`: all that was made of an asset. */
export function addVersions(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("versions")
    .summary("list what was made of an asset, whatever became of it")
    .description(
      "Lists the versions of an asset, the newest first: which is current, which is held by a rollback, which were " +
        "current once, and which were rejected, superseded or left staged, and why.",
    )
    .argument("<asset>", "an asset's key")
    .option("--partition <name>", "one partition only")
    .option("--as-of <snapshot>", "tell what was current then: a number, a pinned name or a time")
    .option("--limit <count>", "how many", wholeNumber, 20)
    .option("--before <id>", "only versions made before this one: the next page")
    .action(async (key: string, options: Options, self: Command) => {
      const invocation = invocationOf(self);
      const { listVersions } = await import("../../control/versions/list-versions.ts");
      const listing = await usingProject(invocation, ({ context }) =>
        listVersions({ key, ...options }, context),
      );
      await invocation.tell(listing, async () => {
        const { versionListing } = await import("../display/version-listing.ts");
        return versionListing(listing, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace versions daily_delays", does: "the newest 20" },
    { line: "millrace versions flights --partition 2001-01", does: "of one partition" },
    { line: "millrace versions daily_delays --as-of 12", does: "which was current at snapshot 12" },
    { line: "millrace versions daily_delays --json", does: "as data" },
  ]);
}
