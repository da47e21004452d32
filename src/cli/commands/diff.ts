import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";
import { wholeNumber } from "../whole-number.ts";

interface Options {
  readonly partition?: string;
  readonly samples: number;
}

/** `millrace diff`: what changed between two versions of an asset. */
export function addDiff(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("diff")
    .summary("compare two versions of an asset: schema, counts, a few changed rows")
    .description(
      "Compares what an asset was with what it is. Each side is a version (its id, or the beginning of it) or what was " +
        "current at a snapshot (a number, a pinned name, a time); without them, the version before the current one is " +
        "compared with the current one. Rows are told apart by the columns of a unique check, or else compared whole.",
    )
    .argument("<asset>", "an asset's key")
    .argument("[before]", "a version or a snapshot; the version before the current one when absent")
    .argument("[after]", "a version or a snapshot; what is current when absent")
    .option("--partition <name>", "one partition only")
    .option("--samples <count>", "how many rows to show of each kind of change", wholeNumber, 5)
    .action(
      async (
        key: string,
        before: string | undefined,
        after: string | undefined,
        options: Options,
        self: Command,
      ) => {
        const invocation = invocationOf(self);
        const request = {
          key,
          ...(before === undefined ? {} : { before }),
          ...(after === undefined ? {} : { after }),
          ...options,
        };
        const [{ diffAsset }, { openReading }] = await Promise.all([
          import("../../control/versions/diff-asset.ts"),
          import("../../app/open-reading.ts"),
        ]);
        const diff = await usingProject(invocation, async (open) => {
          const reading = await openReading(open);
          try {
            return await diffAsset(request, open.context, reading);
          } finally {
            await reading.close();
          }
        });
        await invocation.tell(diff, async () => {
          const { diffText } = await import("../display/diff-text.ts");
          return diffText(diff);
        });
        finish(exitCode.ok);
      },
    );
  withExamples(command, [
    { line: "millrace diff daily_delays", does: "what the last publish of it changed" },
    { line: "millrace diff daily_delays 12", does: "since snapshot 12" },
    { line: "millrace diff daily_delays 12 14", does: "between two snapshots" },
    { line: "millrace diff flights 3f2a91c4 --partition 2001-01", does: "one partition, since a version" },
    { line: "millrace diff daily_delays --samples 50 --json", does: "more rows, as data" },
  ]);
}
