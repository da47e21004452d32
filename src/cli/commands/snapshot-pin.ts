import type { Command } from "commander";
import { actorOf, type ActorFlags } from "../actor.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace snapshot pin`: keeps a snapshot under a name. */
export function addSnapshotPin(snapshot: Command, finish: (code: ExitCode) => void): void {
  const command = snapshot
    .command("pin")
    .summary("keep a snapshot under a name")
    .description(
      "Gives a snapshot a name. As long as it has one, it is kept, and all that can be read at it.",
    )
    .argument("<name>", "begins with a letter; letters, digits, _, . and - may follow")
    .option("--at <snapshot>", "a number, a token, another name or a time; the newest when absent")
    .option("--reason <text>", "why")
    .option("--by <name>", "who; the name of the user when absent")
    .action(async (name: string, options: ActorFlags & { at?: string }, self: Command) => {
      const invocation = invocationOf(self);
      const { at } = options;
      const request = { name, ...(at === undefined ? {} : { at }), ...actorOf(options) };
      const { pinSnapshot } = await import("../../control/snapshots/snapshots.ts");
      const pinned = await usingProject(invocation, ({ context }) => pinSnapshot(request, context));
      await invocation.tell(pinned, async () => [
        `${pinned.name} is snapshot ${pinned.snapshot}, and keeps it`,
      ]);
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace snapshot pin before-the-move", does: "the newest" },
    { line: "millrace snapshot pin year-end --at 2025-12-31T23:59:59Z", does: "what was current then" },
    { line: "millrace snapshot pin good --at 12 --reason audit", does: "by its number" },
  ]);
}
