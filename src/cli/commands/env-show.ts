import type { Command } from "commander";
import { rootEnvironment } from "../../core/catalog/environment-name.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace env show`. */
export function addEnvShow(env: Command, finish: (code: ExitCode) => void): void {
  const command = env
    .command("show")
    .summary("show what an environment has of its own")
    .description("Shows what an environment is based on, and of which assets it has something of its own.")
    .argument("<name>", "the environment")
    .action(async (name: string, _: object, self: Command) => {
      const invocation = { ...invocationOf(self), environment: rootEnvironment };
      const { showEnvironment } = await import("../../control/environments.ts");
      const environment = await usingProject(invocation, ({ context }) => showEnvironment(name, context));
      await invocation.tell({ environment }, async () => {
        const { environmentDetails } = await import("../display/environment-text.ts");
        return environmentDetails(environment, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace env show pr-7", does: "what pr-7 shows otherwise than its base" },
  ]);
}
