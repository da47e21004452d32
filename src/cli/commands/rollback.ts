import { Option, type Command } from "commander";
import { actorOf, type ActorFlags } from "../actor.ts";
import { askingChecks } from "../asking-checks.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, type Invocation } from "../invocation.ts";
import { partitionRequest, type PartitionFlags } from "../partition-flags.ts";

interface Options extends PartitionFlags, ActorFlags {
  readonly to?: string;
  readonly toVersion?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** `millrace rollback`: points assets back to what they were, and holds them there. */
export function addRollback(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("rollback")
    .summary("point assets back to an earlier version, and hold them there")
    .description(
      "Points a selection back to what it was: at a snapshot, at one version, or (when neither is named) at the version " +
        "before the current one. All of it moves in one publish, and readers follow at once. What has moved is held: " +
        "later versions stay staged, and --stale leaves it alone, until millrace release ends the hold. Checks of whole " +
        "assets are asked first: of each asset as it would be. A blocking one that fails keeps all of it from moving, " +
        "and a dry run then exits with 1.",
    )
    .argument("<selection...>", "which assets")
    .addOption(
      new Option(
        "--to <snapshot>",
        "what was current then: a number, a pinned name or a time such as 2026-11-22T10:00:00Z",
      ).conflicts("toVersion"),
    )
    .option("--to-version <id>", "one version of one asset, or the beginning of its id")
    .addOption(new Option("--partition <name>", "one partition only").conflicts("partitions"))
    .option("--partitions <first..last>", "a stretch of partitions, both ends included")
    .option("--reason <text>", "why; kept with the hold and shown to whoever meets it")
    .option("--by <name>", "who; the name of the user when absent")
    .option(
      "--force",
      "also where a blocking check fails, or an endpoint that is served cannot read what it goes back to",
    )
    .option("--dry-run", "say what would move and what checks find, and move nothing")
    .action(async (selection: string[], options: Options, self: Command) => {
      finish(await rollbackCommand(selection.join(" "), options, invocationOf(self)));
    });
  withExamples(command, [
    { line: "millrace rollback daily_delays --dry-run", does: "what would move" },
    { line: "millrace rollback daily_delays --reason 'wrong prices'", does: "to the version before" },
    { line: "millrace rollback daily_delays+ --to 12", does: "with all that reads it, to snapshot 12" },
    { line: "millrace rollback '*' --to before-the-move", does: "everything, to a pinned snapshot" },
    { line: "millrace rollback flights --partition 2001-01 --to 12", does: "one partition" },
    { line: "millrace rollback daily_delays --to-version 3f2a91c4", does: "to one version" },
  ]);
}

async function rollbackCommand(
  selection: string,
  options: Options,
  invocation: Invocation,
): Promise<ExitCode> {
  const partitions = partitionRequest(options);
  const { to, toVersion: version, dryRun = false, force = false } = options;
  const request = {
    selection,
    ...(partitions === undefined ? {} : { partitions }),
    ...(to === undefined ? {} : { to }),
    ...(version === undefined ? {} : { version }),
    ...actorOf(options),
    dryRun,
    force,
  };
  const [{ rollBack }, { rollbackText }] = await Promise.all([
    import("../../control/snapshots/roll-back.ts"),
    import("../display/rollback-text.ts"),
  ]);
  return askingChecks(invocation, "canceling: nothing has moved", async (context, asking) => {
    const rollback = await rollBack(request, context, asking);
    await invocation.tell(rollback, () => rollbackText(rollback, selection));
    return rollback.refused ? exitCode.failed : exitCode.ok;
  });
}
