import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace job ls`: the jobs there are. */
export function addJobLs(job: Command, finish: (code: ExitCode) => void): void {
  const command = job
    .command("ls", { isDefault: true })
    .summary("list the jobs")
    .description("Lists jobs with what they do, what their config is called, and how they ran last.")
    .action(async (_options: object, self: Command) => {
      const invocation = invocationOf(self);
      const { listJobs } = await import("../../control/jobs/list-jobs.ts");
      const jobs = await usingProject(invocation, ({ context }) => listJobs(context));
      await invocation.tell({ jobs }, async () => {
        const { jobListing } = await import("../display/job-listing.ts");
        return jobListing(jobs, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace job ls", does: "all of them" },
    { line: "millrace job ls --json", does: "as data" },
  ]);
}
