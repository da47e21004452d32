import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace job schema`: what its runs may be given, for editors and forms. */
export function addJobSchema(job: Command, finish: (code: ExitCode) => void): void {
  const command = job
    .command("schema")
    .summary("print the JSON Schema of what a job's runs may be given")
    .description(
      "Prints the JSON Schema of the whole document that --config takes: the job's own config, that of its ops, of the assets it makes and of " +
        "the resources they work with.",
    )
    .argument("<job>", "which one")
    .action(async (name: string, _options: object, self: Command) => {
      const invocation = invocationOf(self);
      const [{ findJob }, { jobSchema }] = await Promise.all([
        import("../../control/jobs/find-job.ts"),
        import("../../control/jobs/job-schema.ts"),
      ]);
      const schema = await usingProject(invocation, ({ context }) =>
        jobSchema(findJob(name, context), context),
      );
      invocation.print(JSON.stringify(schema, null, 2));
      finish(exitCode.ok);
    });
  withExamples(command, [{ line: "millrace job schema ingest", does: "for an editor, or a form" }]);
}
