import type { Command } from "commander";
import { rootEnvironment } from "../../core/catalog/environment-name.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace env drop`. */
export function addEnvDrop(env: Command, finish: (code: ExitCode) => void): void {
  const command = env
    .command("drop")
    .summary("give an environment up")
    .description(
      "Gives an environment up. Its name is free at once; what only it needed goes with the next millrace gc, and nothing " +
        "of other environments. Refused while runs are at work in it or other environments are based on it.",
    )
    .argument("<name>", "the environment")
    .action(async (name: string, _: object, self: Command) => {
      const invocation = { ...invocationOf(self), environment: rootEnvironment };
      const { dropEnvironment } = await import("../../control/environments.ts");
      const dropped = await usingProject(invocation, ({ context }) => dropEnvironment(name, context));
      await invocation.tell(dropped, async () => {
        const { droppedText } = await import("../display/environment-text.ts");
        return droppedText(dropped);
      });
      finish(exitCode.ok);
    });
  withExamples(command, [{ line: "millrace env drop pr-7", does: "give pr-7 up" }]);
}
