import type { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import { addRunsLs } from "./runs-ls.ts";
import { addRunsShow } from "./runs-show.ts";

/** `millrace runs`: the commands about runs. */
export function addRuns(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("runs")
    .summary("list runs, or show one")
    .description("Shows what was run, and how it went.");
  addRunsLs(command, finish);
  addRunsShow(command, finish);
}
