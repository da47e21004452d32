import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace observe`: looks at what is made elsewhere. */
export function addObserve(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("observe")
    .summary("look at external assets, and record what they look like")
    .description(
      "Looks at external assets and records the data version of each. What was made from other content is stale from " +
        "then on. One that cannot be observed hinders no other; the command then ends with 1.",
    )
    .argument("[selection...]", "which assets; all external ones when absent")
    .action(async (words: string[], _options: object, self: Command) => {
      const invocation = invocationOf(self);
      const { observe } = await import("../../control/sources/observe.ts");
      const selection = words.length === 0 ? undefined : words.join(" ");
      const assets = await usingProject(invocation, ({ context }) => observe(selection, context));
      await invocation.tell({ assets }, async () => {
        const { observedText } = await import("../display/observed-text.ts");
        return observedText(assets);
      });
      finish(assets.some(({ problem }) => problem !== undefined) ? exitCode.failed : exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace observe", does: "every external asset" },
    { line: "millrace observe 'roots(+daily_delays)'", does: "where an asset comes from" },
  ]);
}
