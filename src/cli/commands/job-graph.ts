import { Option, type Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace job graph`: how its steps fit together. */
export function addJobGraph(job: Command, finish: (code: ExitCode) => void): void {
  const command = job
    .command("graph")
    .summary("print how the steps of a job fit together")
    .description(
      "Prints the graph of a job, with its maps, branches and nested graphs; of a job over assets what it makes and what that reads.",
    )
    .argument("<job>", "which one")
    .addOption(new Option("--mermaid", "as a Mermaid flowchart"))
    .action(async (name: string, { mermaid = false }: { mermaid?: boolean }, self: Command) => {
      const invocation = invocationOf(self);
      const { outlineJob } = await import("../../control/jobs/outline-job.ts");
      const outline = await usingProject(invocation, ({ context }) => outlineJob(name, context));
      const { jobGraphData, jobGraphLines, jobGraphPicture } = await import("../display/job-graph.ts");
      await invocation.tell(jobGraphData(outline), () =>
        mermaid ? jobGraphPicture(outline) : jobGraphLines(outline),
      );
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace job graph ingest", does: "in words" },
    { line: "millrace job graph ingest --mermaid", does: "as a picture in Markdown" },
    { line: "millrace job graph ingest --json", does: "as data" },
  ]);
}
