import type { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import { addEnvCreate } from "./env-create.ts";
import { addEnvDrop } from "./env-drop.ts";
import { addEnvLs } from "./env-ls.ts";
import { addEnvShow } from "./env-show.ts";

/** `millrace env`: the commands about environments. */
export function addEnv(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("env")
    .summary("make, list and drop environments")
    .description(
      "An environment shows another one as it was at a snapshot, and what was made in it since. Nothing is copied, and " +
        "what is made in it is seen nowhere else. Every command works in the one that --env or MILLRACE_ENV names; these " +
        "name theirs themselves.",
    );
  addEnvLs(command, finish);
  addEnvShow(command, finish);
  addEnvCreate(command, finish);
  addEnvDrop(command, finish);
}
