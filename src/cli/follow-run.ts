import type { ControlContext } from "../control/control-context.ts";
import type { JobRun } from "../control/jobs/run-job.ts";
import type { MaterializeOptions, RunStart } from "../control/runs/materialize.ts";
import type { RunDisplay } from "./display/run-display.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { catchInterruption } from "./interruption.ts";
import { usingProject, type Invocation } from "./invocation.ts";

/**
 * Starts a run, shows how it goes and tells what it came to. Ctrl-C cancels it.
 *
 * @param options What the flags say of it
 * @param start Starts it; a materialization is a run of no job
 */
export async function followRun(
  invocation: Invocation,
  options: MaterializeOptions,
  start: (context: ControlContext, options: MaterializeOptions) => Promise<JobRun>,
): Promise<ExitCode> {
  const [{ RunTally }, { runReport }, display] = await Promise.all([
    import("./display/run-tally.ts"),
    import("./display/run-report.ts"),
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
      const ended = await start(context, {
        ...options,
        signal,
        onStart(start) {
          begun = start;
          tally = new RunTally(
            start.stepCount,
            start.continued ?? 0,
            new Set(start.plan.steps.map(({ key }) => key)),
          );
          display.start(start, tally);
        },
        report(progress) {
          tally.note(progress, performance.now());
          display.report(progress, tally);
        },
      });
      const { steps } = ended.plan;
      return { report: runReport(ended, begun, tally, performance.now() - started), steps };
    } finally {
      display.end();
    }
  });
  await invocation.tell(report, async () => {
    const { runSummary } = await import("./display/run-summary.ts");
    return runSummary(report, steps);
  });
  if (report.status === "canceled") return interruption.exitCode;
  return report.status === "failure" ? exitCode.failed : exitCode.ok;
}

/** Redraws on a terminal; elsewhere plain lines. */
async function displayFor(invocation: Invocation): Promise<RunDisplay> {
  if (invocation.json) return (await import("./display/run-display.ts")).silentDisplay;
  // A terminal that does not know its own size (some that are recorded) cannot be redrawn.
  if (process.stdout.isTTY && process.stdout.columns > 0 && process.env["TERM"] !== "dumb") {
    return (await import("./display/live-display.ts")).liveDisplay(process.stdout);
  }
  return (await import("./display/plain-display.ts")).plainDisplay((line) => invocation.print(line));
}
