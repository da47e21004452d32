import { Option, type Command } from "commander";
import type { MaterializeRequest } from "../../control/planning/plan-materialization.ts";
import { configOf } from "../config-options.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { followRun } from "../follow-run.ts";
import { invocationOf, usingProject, type Invocation } from "../invocation.ts";
import { partitionRequest, type PartitionFlags } from "../partition-flags.ts";
import { addRunOptions, runOptions, type RunFlags } from "../run-options.ts";
import { selectionHelp } from "../selection-help.ts";

interface Options extends PartitionFlags, RunFlags {
  readonly stale?: boolean;
  readonly fullRefresh?: boolean;
}

/** `millrace materialize`: makes assets, shows how it goes, continues what was interrupted. */
export function addMaterialize(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("materialize")
    .summary("make assets, check them and publish them")
    .description(
      "Makes the selected assets, checks them and publishes what passed, all at once unless told otherwise. An interrupted run of the same " +
        "selection and code is continued: what it committed is not made again.\n\n" +
        selectionHelp,
    )
    .argument("<selection...>", "which assets")
    .addOption(new Option("--partition <name>", "one partition only").conflicts("partitions"))
    .option("--partitions <first..last>", "a stretch of partitions, both ends included")
    .option("--stale", "only what is missing, or made from other code or inputs than today's")
    .option("--full-refresh", "make appending assets anew, instead of adding rows to those they have")
    .action(async (selection: string[], options: Options, self: Command) => {
      finish(await materializeCommand(selection.join(" "), options, invocationOf(self)));
    });
  addRunOptions(command, "run");
  withExamples(command, [
    { line: "millrace materialize '*' --stale", does: "bring everything up to date" },
    { line: "millrace materialize daily_delays", does: "one asset" },
    { line: "millrace materialize +daily_delays", does: "with all that it reads" },
    { line: "millrace materialize 'group:sales' --explain", does: "what would be done, and why" },
    {
      line: "millrace materialize '*' --stale --explain --mermaid",
      does: "the same as a picture in Markdown",
    },
    { line: "millrace materialize '+(a or b) and not tag:slow'", does: "by a longer selection" },
    { line: "millrace materialize flights --partition 2001-01", does: "one partition" },
    {
      line: "millrace materialize flights+ --partitions 2001-01..2001-03",
      does: "three months and all that reads them",
    },
    { line: "millrace materialize '*' --stale --claims wait", does: "after what others are writing" },
    {
      line: "millrace materialize flights --publish step",
      does: "each month is current as soon as it is done",
    },
    { line: "millrace materialize '*' --stale --timeout 1h", does: "no longer than an hour" },
    { line: "millrace materialize pages --config nightly.yaml", does: "with config from a file" },
    { line: "millrace materialize pages --set assets.pages.count=3", does: "with a value of it given here" },
    { line: "millrace materialize '*' --new", does: "start over instead of continuing" },
    { line: "millrace materialize events --full-refresh", does: "make all rows of an appending asset anew" },
  ]);
}

async function materializeCommand(
  selection: string,
  options: Options,
  invocation: Invocation,
): Promise<ExitCode> {
  const partitions = partitionRequest(options);
  const config = await configOf(options);
  const request: MaterializeRequest = {
    selection,
    ...(config === undefined ? {} : { config }),
    ...(partitions === undefined ? {} : { partitions }),
    staleOnly: options.stale ?? false,
    fullRefresh: options.fullRefresh ?? false,
  };
  if (options.explain === true) return explain(request, options.mermaid ?? false, invocation);
  const { materialize } = await import("../../control/runs/materialize.ts");
  return followRun(invocation, runOptions(options), (context, how) => materialize(request, context, how));
}

async function explain(
  request: MaterializeRequest,
  mermaid: boolean,
  invocation: Invocation,
): Promise<ExitCode> {
  const { outlineMaterialization, expandOutline } =
    await import("../../control/planning/plan-materialization.ts");
  const { planData } = await import("../../control/planning/plan-data.ts");
  const { readConfig } = await import("../../control/runs/read-config.ts");
  const { outlined, graph, data } = await usingProject(invocation, async ({ context }) => {
    const outlined = await outlineMaterialization(request, context);
    readConfig(request.config, outlined.outline.steps, context);
    // Words and pictures name stretches of partitions; only data names each step.
    const data = invocation.json ? planData(expandOutline(outlined, context)) : undefined;
    return { outlined, graph: context.graph, data };
  });
  await invocation.tell(data, async () => {
    if (!mermaid) return (await import("../display/plan-lines.ts")).planLines(outlined);
    const { planDiagram } = await import("../../core/plan/plan-diagram.ts");
    return planDiagram(outlined.outline, graph);
  });
  return exitCode.ok;
}
