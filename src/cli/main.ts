import { CommanderError } from "commander";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { printFailure } from "./failure.ts";
import { createProgram } from "./program.ts";

/** How long something a project left open (a timer, a connection) may keep a finished command from ending. */
const graceMs = 500;

/** Runs the command line and says what the process answers. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  if (argv.includes("--no-color")) {
    process.env["NO_COLOR"] = "1";
    delete process.env["FORCE_COLOR"];
  }
  // `millrace ls | head` is no error: whoever read has read enough. A run goes on to its end.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const code = await run(argv.length === 0 ? ["--help"] : argv);
  setTimeout(() => process.exit(code), graceMs).unref();
  return code;
}

async function run(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCode.ok;
  const program = createProgram((answered) => {
    code = answered;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    // Help and version are asked for by an exception, too.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.ok;
    return printFailure(error, argv.includes("--json"));
  }
}
