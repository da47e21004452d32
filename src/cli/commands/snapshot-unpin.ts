import type { Command } from "commander";
import { actorOf, type ActorFlags } from "../actor.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace snapshot unpin`: gives a name up. */
export function addSnapshotUnpin(snapshot: Command, finish: (code: ExitCode) => void): void {
  const command = snapshot
    .command("unpin")
    .summary("give a snapshot's name up")
    .description("Gives a name up. Its snapshot is then kept no longer than any other.")
    .argument("<name>", "a name that millrace snapshot ls shows")
    .option("--by <name>", "who; the name of the user when absent")
    .action(async (name: string, options: ActorFlags, self: Command) => {
      const invocation = invocationOf(self);
      const { unpinSnapshot } = await import("../../control/snapshots/snapshots.ts");
      const { by } = actorOf(options);
      const unpinned = await usingProject(invocation, ({ context }) => unpinSnapshot(name, by, context));
      await invocation.tell(unpinned, async () => [
        `snapshot ${unpinned.snapshot} is no longer ${unpinned.name}`,
      ]);
      finish(exitCode.ok);
    });
  withExamples(command, [{ line: "millrace snapshot unpin before-the-move", does: "keep it no longer" }]);
}
