import type { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import { addResourceLs } from "./resource-ls.ts";
import { addResourceShow } from "./resource-show.ts";

/** `millrace resource`: the commands about resources. */
export function addResource(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("resource")
    .summary("list resources, or show one and try it")
    .description(
      "Shows what the project's code works with, and what that is configured with in the environment.",
    );
  addResourceLs(command, finish);
  addResourceShow(command, finish);
}
