import { Option, type Command } from "commander";
import { actorOf, type ActorFlags } from "../actor.ts";
import { askingChecks } from "../asking-checks.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, type Invocation } from "../invocation.ts";
import { UsageError } from "../usage-error.ts";
import { partitionRequest, type PartitionFlags } from "../partition-flags.ts";

interface Options extends PartitionFlags, ActorFlags {
  readonly publish?: boolean;
  readonly force?: boolean;
}

/** `millrace release`: ends the hold that a rollback left. */
export function addRelease(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("release")
    .summary("end the hold that a rollback left")
    .description(
      "Ends holds, so that assets move again with the next materialization. By itself it publishes nothing: what is " +
        "current stays current. With --publish the newest version that was left staged meanwhile becomes current; checks " +
        "of whole assets are asked first, and a blocking one that fails leaves everything held.",
    )
    .argument("<selection...>", "which assets")
    .addOption(new Option("--partition <name>", "one partition only").conflicts("partitions"))
    .option("--partitions <first..last>", "a stretch of partitions, both ends included")
    .option("--publish", "publish the newest version that waits at each place")
    .option("--reason <text>", "why")
    .option("--by <name>", "who; the name of the user when absent")
    .option(
      "--force",
      "with --publish: also where a blocking check fails, or a served endpoint cannot read what waits",
    )
    .action(async (selection: string[], options: Options, self: Command) => {
      finish(await releaseCommand(selection.join(" "), options, invocationOf(self)));
    });
  withExamples(command, [
    { line: "millrace release daily_delays", does: "let it move again" },
    { line: "millrace release '*'", does: "everything that is held" },
    { line: "millrace release daily_delays --publish", does: "and publish what waits" },
  ]);
}

async function releaseCommand(
  selection: string,
  options: Options,
  invocation: Invocation,
): Promise<ExitCode> {
  const partitions = partitionRequest(options);
  const { publish = false, force = false } = options;
  if (force && !publish)
    throw new UsageError(
      "--force is for what --publish makes current",
      "Add --publish, or leave --force out.",
    );
  const request = {
    selection,
    ...(partitions === undefined ? {} : { partitions }),
    ...actorOf(options),
    publish,
    force,
  };
  const [{ release }, { releaseText }] = await Promise.all([
    import("../../control/snapshots/release.ts"),
    import("../display/release-text.ts"),
  ]);
  return askingChecks(invocation, "canceling: everything stays held", async (context, asking) => {
    const released = await release(request, context, asking);
    await invocation.tell(released, () => releaseText(released, selection));
    return exitCode.ok;
  });
}
