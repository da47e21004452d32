import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace resource ls`: every resource, and who works with it. */
export function addResourceLs(resource: Command, finish: (code: ExitCode) => void): void {
  const command = resource
    .command("ls", { isDefault: true })
    .summary("list resources with who works with them")
    .description(
      "Lists the resources of the project with who works with them, and what they lack. Opens none.",
    )
    .action(async (_options: object, self: Command) => {
      const invocation = invocationOf(self);
      const { listResources } = await import("../../control/resources/show-resources.ts");
      const resources = await usingProject(invocation, async (open) =>
        listResources(open.resources.settings.configs, open.context),
      );
      await invocation.tell({ resources }, async () => {
        const { resourceListing } = await import("../display/resource-text.ts");
        return resourceListing(resources);
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace resource", does: "all of them" },
    { line: "millrace --env staging resource ls", does: "as another environment has them" },
    { line: "millrace resource ls --json", does: "as data" },
  ]);
}
