import type { Command } from "commander";
import type { CompactedAsset } from "../../control/compaction/compact.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { catchInterruption } from "../interruption.ts";
import { invocationOf, usingProject, type Invocation } from "../invocation.ts";

/** `millrace compact`: many small files become few. */
export function addCompact(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("compact")
    .summary("let many small partitions lie in a few files")
    .description(
      "Writes tables' current versions that lie in many small files into a few files of some 128 MiB, so that reading all " +
        "partitions costs about as much as reading one file. Versions, data versions, the order of rows and history " +
        "stay as they are. Each file is read back and compared with what was recorded before anything refers to it; what is " +
        "damaged is named and left alone, and the command exits with 1 then. The files of before are removed by " +
        "`millrace gc`, a grace later. Can be stopped at any time, and run while everything else goes on.",
    )
    .argument("[selection...]", "which assets; all when absent")
    .option("--dry-run", "say what would be packed, and change nothing")
    .action(async (selection: string[], { dryRun = false }: { dryRun?: boolean }, self: Command) => {
      finish(await compactCommand(selection.join(" ") || "*", dryRun, invocationOf(self)));
    });
  withExamples(command, [
    { line: "millrace compact --dry-run", does: "what would be packed" },
    { line: "millrace compact", does: "all tables; once a day, for instance, before millrace gc" },
    { line: "millrace compact flights --json", does: "one asset, and the result as data" },
  ]);
}

async function compactCommand(selection: string, dryRun: boolean, invocation: Invocation): Promise<ExitCode> {
  const say = (...lines: readonly string[]): void => {
    if (!invocation.json) invocation.print(...lines);
  };
  using interruption = catchInterruption(() => say("canceling: what was packed so far is kept"));
  const { signal } = interruption;
  const [{ compact }, { openReading }, { compactedLine, compactionText }] = await Promise.all([
    import("../../control/compaction/compact.ts"),
    import("../../app/open-reading.ts"),
    import("../display/compaction-text.ts"),
  ]);
  try {
    const done = await usingProject(invocation, async (open) => {
      const reading = await openReading(open);
      try {
        const report = (progress: CompactedAsset): void => say(compactedLine(progress));
        const request = { selection, dryRun, signal, report };
        return await compact(request, open.context, reading);
      } finally {
        await reading.close();
      }
    });
    await invocation.tell(done, () => compactionText(done));
    if (signal.aborted) return interruption.exitCode;
    return done.damaged.length === 0 ? exitCode.ok : exitCode.failed;
  } catch (error) {
    if (signal.aborted) return interruption.exitCode;
    throw error;
  }
}
