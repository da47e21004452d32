import type { Command } from "commander";
import { rootEnvironment } from "../../core/catalog/environment-name.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace env create`. */
export function addEnvCreate(env: Command, finish: (code: ExitCode) => void): void {
  const command = env
    .command("create")
    .summary("make an environment over another")
    .description(
      "Makes an environment that shows another one as it is now, or as it was at a snapshot. That stays so whatever is " +
        "published there later, and the snapshot is kept for as long as the environment is there.",
    )
    .argument("<name>", "a name as a branch of code has it: letters, digits, _, ., - and /")
    .option("--from <environment>", "the environment to show", rootEnvironment)
    .option("--at <snapshot>", "as it was then: a number, a pinned name or a time (default: as it is now)")
    .action(async (name: string, { from, at }: { from: string; at?: string }, self: Command) => {
      const invocation = { ...invocationOf(self), environment: from };
      const { createEnvironment } = await import("../../control/environments.ts");
      const environment = await usingProject(invocation, ({ context }) =>
        createEnvironment({ name, at }, context),
      );
      await invocation.tell({ environment }, async () => {
        const { createdText } = await import("../display/environment-text.ts");
        return createdText(environment);
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace env create pr-7", does: "over main as it is now" },
    { line: "millrace env create audit --at 12", does: "over main as it was at snapshot 12" },
    { line: "millrace env create pr-8 --from pr-7", does: "over another environment" },
  ]);
}
