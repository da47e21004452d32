import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace why`: why something is stale. */
export function addWhy(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("why")
    .summary("say why an asset is stale: which file, option, package or input changed, and how")
    .description(
      "Says why an asset, one partition of it, or what an endpoint reads is not up to date: which file, option or package " +
        "of its code changed, which input, and through what; whether it is held by a rollback; whether it failed last time, " +
        "and would again.",
    )
    .argument("<name...>", "an asset's key, key[partition], or an endpoint's route or name")
    .action(async (words: string[], _options: object, self: Command) => {
      const invocation = invocationOf(self);
      const { why } = await import("../../control/staleness/why.ts");
      // A route has a space in it, and quoting it is easily forgotten.
      const found = await usingProject(invocation, ({ context }) => why(words.join(" "), context));
      await invocation.tell({ why: found }, async () => {
        const { whyLines } = await import("../display/why-lines.ts");
        return whyLines(found, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace why daily_delays", does: "an asset" },
    { line: "millrace why 'flights[2001-01]'", does: "one partition" },
    { line: "millrace why 'GET /airports/:iata/delays' --json", does: "all that an endpoint reads, as data" },
  ]);
}
