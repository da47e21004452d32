import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace job show`: one job in full. */
export function addJobShow(job: Command, finish: (code: ExitCode) => void): void {
  const command = job
    .command("show")
    .summary("show a job: its config, its steps, its last runs")
    .description(
      "Shows what a job does, step by step, where its ops are written, what its runs may be given, and how the last of them went.",
    )
    .argument("<job>", "which one")
    .action(async (name: string, _options: object, self: Command) => {
      const invocation = invocationOf(self);
      const { showJob } = await import("../../control/jobs/show-job.ts");
      const { details, graph } = await usingProject(invocation, ({ context }) => showJob(name, context));
      await invocation.tell(details, async () => {
        const { jobDetails } = await import("../display/job-details.ts");
        return jobDetails(details, graph, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace job show ingest", does: "one job" },
    { line: "millrace job show ingest --json", does: "as data" },
  ]);
}
