import type { Command } from "commander";
import { rootEnvironment } from "../../core/catalog/environment-name.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace env ls`. */
export function addEnvLs(env: Command, finish: (code: ExitCode) => void): void {
  const command = env
    .command("ls", { isDefault: true })
    .summary("list environments")
    .description("Lists the environments of the project, with what each is based on and has of its own.")
    .action(async (_: object, self: Command) => {
      const invocation = { ...invocationOf(self), environment: rootEnvironment };
      const { listEnvironments } = await import("../../control/environments.ts");
      const environments = await usingProject(invocation, ({ context }) => listEnvironments(context));
      await invocation.tell({ environments }, async () => {
        const { environmentListing } = await import("../display/environment-text.ts");
        return environmentListing(environments, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace env ls", does: "all of them" },
    { line: "millrace env ls --json", does: "as data" },
  ]);
}
