import { Option, type Command } from "commander";
import { actorOf, type ActorFlags } from "../actor.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";
import { partitionRequest, type PartitionFlags } from "../partition-flags.ts";

interface Options extends PartitionFlags, ActorFlags {
  readonly publish?: boolean;
}

/** `millrace release`: ends the hold that a rollback left. */
export function addRelease(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("release")
    .summary("end the hold that a rollback left")
    .description(
      "Ends holds, so that assets move again with the next materialization. By itself it publishes nothing: what is " +
        "current stays current. With --publish the newest version that was left staged meanwhile becomes current.",
    )
    .argument("<selection...>", "which assets")
    .addOption(new Option("--partition <name>", "one partition only").conflicts("partitions"))
    .option("--partitions <first..last>", "a stretch of partitions, both ends included")
    .option("--publish", "publish the newest version that waits at each place")
    .option("--reason <text>", "why")
    .option("--by <name>", "who; the name of the user when absent")
    .action(async (words: string[], options: Options, self: Command) => {
      const invocation = invocationOf(self);
      const partitions = partitionRequest(options);
      const selection = words.join(" ");
      const request = {
        selection,
        ...(partitions === undefined ? {} : { partitions }),
        ...actorOf(options),
        publish: options.publish ?? false,
      };
      const { release } = await import("../../control/release.ts");
      const released = await usingProject(invocation, ({ context }) => release(request, context));
      await invocation.tell(released, async () => {
        const { releaseText } = await import("../display/release-text.ts");
        return releaseText(released, selection);
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace release daily_delays", does: "let it move again" },
    { line: "millrace release '*'", does: "everything that is held" },
    { line: "millrace release daily_delays --publish", does: "and publish what waits" },
  ]);
}
