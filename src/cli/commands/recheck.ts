import { Option, type Command } from "commander";
import type { Rechecked } from "../../control/checks/recheck.ts";
import { askingChecks } from "../asking-checks.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, type Invocation } from "../invocation.ts";
import { partitionRequest, type PartitionFlags } from "../partition-flags.ts";

/** `millrace recheck`: asks the checks of what is current. */
export function addRecheck(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("recheck")
    .summary("ask the checks of what is current again")
    .description(
      "Asks only the checks of what is current: because a check is new, or to see whether the data is still fresh. What " +
        "they find is kept with the versions and told to readers. Nothing is made, and nothing else becomes current. " +
        "Exits with 1 when a check failed that is not only a warning.",
    )
    .argument("<selection...>", "which assets")
    .addOption(new Option("--partition <name>", "one partition only").conflicts("partitions"))
    .option("--partitions <first..last>", "a stretch of partitions, both ends included")
    .action(async (selection: string[], options: PartitionFlags, self: Command) => {
      finish(await recheckCommand(selection.join(" "), options, invocationOf(self)));
    });
  withExamples(command, [
    { line: "millrace recheck '*'", does: "everything" },
    { line: "millrace recheck daily_delays", does: "one asset" },
    { line: "millrace recheck flights --partitions 2001-01..2001-03", does: "three months" },
  ]);
}

async function recheckCommand(
  selection: string,
  options: PartitionFlags,
  invocation: Invocation,
): Promise<ExitCode> {
  const partitions = partitionRequest(options);
  const request = { selection, ...(partitions === undefined ? {} : { partitions }) };
  const [{ recheck }, { recheckLines, recheckSummary }] = await Promise.all([
    import("../../control/checks/recheck.ts"),
    import("../display/recheck-lines.ts"),
  ]);
  return askingChecks(
    invocation,
    "canceling: what was found so far is kept",
    async (context, { signal, logOf, say }) => {
      const report = (found: readonly Rechecked[]): void => say(recheckLines(found));
      const result = await recheck(request, context, { signal, logOf, report });
      await invocation.tell(result, async () => recheckSummary(result));
      const failed = result.evaluations.some(({ passed, severity }) => !passed && severity === "error");
      return failed ? exitCode.failed : exitCode.ok;
    },
  );
}
