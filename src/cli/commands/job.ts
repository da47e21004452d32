import type { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import { addJobGraph } from "./job-graph.ts";
import { addJobLs } from "./job-ls.ts";
import { addJobSchema } from "./job-schema.ts";
import { addJobShow } from "./job-show.ts";

/** `millrace job`: the commands about jobs. */
export function addJob(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("job")
    .summary("list jobs, or show one: its config, its steps, its runs")
    .description(
      "Shows the jobs there are, what they do and what their runs may be given. millrace run starts one.",
    );
  addJobLs(command, finish);
  addJobShow(command, finish);
  addJobSchema(command, finish);
  addJobGraph(command, finish);
}
