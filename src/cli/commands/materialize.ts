import { Option, type Command } from "commander";
import { claimPolicies, type ClaimPolicy } from "../../core/run/claim-policy.ts";
import { publishPolicies, type PublishPolicy } from "../../core/run/publish-policy.ts";
import type { RunStart } from "../../control/runs/materialize.ts";
import type { MaterializeRequest, Outlined } from "../../control/planning/plan-materialization.ts";
import type { RunDisplay } from "../display/run-display.ts";
import { addConfigOptions, configOf, type ConfigFlags } from "../config-options.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { catchInterruption } from "../interruption.ts";
import { invocationOf, usingProject, type Invocation } from "../invocation.ts";
import { partitionRequest, type PartitionFlags } from "../partition-flags.ts";
import { counted } from "../../core/counted.ts";
import { errorTable } from "../../core/errors/error-table.ts";
import { selectionHelp } from "../selection-help.ts";
import { timeLimitOption } from "../time-limit-option.ts";
import { paint } from "../text/paint.ts";

interface Options extends PartitionFlags, ConfigFlags {
  readonly stale?: boolean;
  readonly explain?: boolean;
  readonly mermaid?: boolean;
  readonly new?: boolean;
  readonly fullRefresh?: boolean;
  readonly publish?: PublishPolicy;
  readonly claims: ClaimPolicy;
  /** In milliseconds. */
  readonly timeout?: number;
  readonly force?: boolean;
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
    .option("--explain", "print what would be done and why, and do nothing")
    .addOption(new Option("--mermaid", "with --explain, as a Mermaid flowchart").implies({ explain: true }))
    .addOption(
      new Option("--new", "start over, even where an interrupted run could be continued").conflicts(
        "explain",
      ),
    )
    .addOption(
      new Option(
        "--publish <when>",
        "publish all that passed at the end of the run, or each step as soon as it has passed (default: run, or as " +
          "the interrupted run began)",
      ).choices(publishPolicies),
    )
    .option("--full-refresh", "make appending assets anew, instead of adding rows to those they have")
    .addOption(
      new Option(
        "--claims <policy>",
        "of a step whose place another run is writing: wait for it, skip it, or fail",
      )
        .choices(claimPolicies)
        .default("fail"),
    )
    .option(
      "--timeout <duration>",
      "how long its steps may take together, such as 30m or 2h; those at work then fail",
      timeLimitOption,
    )
    .option("--force", "publish also what was made from older inputs than what is current")
    .action(async (selection: string[], options: Options, self: Command) => {
      finish(await materializeCommand(selection.join(" "), options, invocationOf(self)));
    });
  addConfigOptions(command);
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
  if (options.explain !== true) return run(request, options, invocation);
  return explain(request, options.mermaid ?? false, invocation);
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
    if (!mermaid) return planLines(outlined);
    const { planDiagram } = await import("../../core/plan/plan-diagram.ts");
    return planDiagram(outlined.outline, graph);
  });
  return exitCode.ok;
}

async function planLines({ outline, now }: Outlined): Promise<readonly string[]> {
  const [{ explainPlan }, { countSteps }, { leftOut }, { blockedError }] = await Promise.all([
    import("../../core/plan/explain-plan.ts"),
    import("../../core/plan/plan-outline.ts"),
    import("../../core/plan/expand-plan.ts"),
    import("../../core/plan/blocked-error.ts"),
  ]);
  const lines = [`plan on snapshot ${outline.snapshot}: ${counted(countSteps(outline), "step")}`];
  lines.push(...explainPlan(outline));
  // One blocked step keeps all of them from running.
  const fixes = [
    ...(outline.blocked.length > 0 ? [errorTable.STEP_BLOCKED.fix] : []),
    ...outline.leftBehind.map((left) => blockedError(leftOut(left, now)).fix),
  ];
  if (fixes.length > 0) lines.push(`so nothing would be run ${paint("cyan", "→")} ${fixes.join(" ")}`);
  return lines;
}

async function run(
  request: MaterializeRequest,
  { new: fresh = false, publish, claims, timeout, force = false }: Options,
  invocation: Invocation,
): Promise<ExitCode> {
  const [{ materialize }, { RunTally }, { runReport }, display] = await Promise.all([
    import("../../control/runs/materialize.ts"),
    import("../display/run-tally.ts"),
    import("../display/run-report.ts"),
    displayFor(invocation),
  ]);
  using interruption = catchInterruption(() => {
    display.say("canceling: steps at work are stopped, what is done is kept (Ctrl-C again: at once)");
  });
  const started = performance.now();
  const { signal } = interruption;
  const { report, steps } = await usingProject(invocation, async ({ context }) => {
    let begun: RunStart | undefined;
    let tally = new RunTally(0, 0);
    try {
      const materialized = await materialize(request, context, {
        fresh,
        ...(publish === undefined ? {} : { publish }),
        claims,
        ...(timeout === undefined ? {} : { timeoutMs: timeout }),
        force,
        signal,
        onStart(start) {
          begun = start;
          tally = new RunTally(start.stepCount, start.continued ?? 0);
          display.start(start, tally);
        },
        report(progress) {
          tally.note(progress, performance.now());
          display.report(progress, tally);
        },
      });
      const { steps } = materialized.plan;
      return { report: runReport(materialized, begun, tally, performance.now() - started), steps };
    } finally {
      display.end();
    }
  });
  await invocation.tell(report, async () => {
    const { runSummary } = await import("../display/run-summary.ts");
    return runSummary(report, steps);
  });
  if (report.status === "canceled") return interruption.exitCode;
  return report.status === "failure" ? exitCode.failed : exitCode.ok;
}

/** Redraws on a terminal; elsewhere plain lines. */
async function displayFor(invocation: Invocation): Promise<RunDisplay> {
  if (invocation.json) return (await import("../display/run-display.ts")).silentDisplay;
  // A terminal that does not know its own size (some that are recorded) cannot be redrawn.
  if (process.stdout.isTTY && process.stdout.columns > 0 && process.env["TERM"] !== "dumb") {
    return (await import("../display/live-display.ts")).liveDisplay(process.stdout);
  }
  return (await import("../display/plain-display.ts")).plainDisplay((line) => invocation.print(line));
}
