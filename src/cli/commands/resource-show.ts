import type { Command } from "commander";
import type { Log } from "../../core/asset/run-context.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { catchInterruption } from "../interruption.ts";
import { invocationOf, usingProject, type Invocation } from "../invocation.ts";

/** `millrace resource show`: one resource, on request with its health. */
export function addResourceShow(resource: Command, finish: (code: ExitCode) => void): void {
  const command = resource
    .command("show")
    .summary("show a resource: its config, who works with it, and on request whether it is fit")
    .description(
      "Shows what a resource is configured with, secrets hidden, and who works with it. With --check it is opened, asked " +
        "whether it is fit, and closed again.",
    )
    .argument("<name>", "the resource's name")
    .option("--check", "open it and ask whether it is fit")
    .action(async (name: string, options: { check?: boolean }, self: Command) =>
      finish(await show(name, options.check ?? false, invocationOf(self))),
    );
  withExamples(command, [
    { line: "millrace resource show warehouse", does: "what it is configured with" },
    { line: "millrace resource show warehouse --check", does: "whether it can be used from here" },
    { line: "millrace --env staging resource show warehouse", does: "as another environment has it" },
  ]);
}

async function show(name: string, check: boolean, invocation: Invocation): Promise<ExitCode> {
  const { checkResource, showResource } = await import("../../control/resources/show-resources.ts");
  return usingProject(invocation, async ({ resources, context }) => {
    const resource = showResource(name, resources.settings.configs, context);
    let health: { readonly fit: boolean; readonly milliseconds: number } | undefined;
    if (check) {
      using interruption = catchInterruption(() => undefined);
      const started = performance.now();
      const asker = { log: standardError, signal: interruption.signal };
      await checkResource(name, await resources.pool(), context, asker);
      health = { fit: true, milliseconds: Math.round(performance.now() - started) };
    }
    await invocation.tell({ resource, ...(health === undefined ? {} : { health }) }, async () => {
      const { resourceDetails } = await import("../display/resource-text.ts");
      return resourceDetails(resource, health);
    });
    return exitCode.ok;
  });
}

const line = (message: string): void => void process.stderr.write(`${message}\n`);
const standardError: Log = { debug: () => undefined, info: line, warn: line, error: line };
