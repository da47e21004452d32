import type { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import { addChecksLs } from "./checks-ls.ts";
import { addChecksShow } from "./checks-show.ts";

/** `millrace checks`: the commands about checks. */
export function addChecks(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("checks")
    .summary("list checks and what they found, or show one")
    .description("Shows how the checks stand on what is current, and what they have found so far.");
  addChecksLs(command, finish);
  addChecksShow(command, finish);
}
