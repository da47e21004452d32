import { Command, Option } from "commander";
import { addChecks } from "./commands/checks.ts";
import { addCompact } from "./commands/compact.ts";
import { addDev } from "./commands/dev.ts";
import { addEnv } from "./commands/env.ts";
import { addGc } from "./commands/gc.ts";
import { addDiff } from "./commands/diff.ts";
import { addEvents } from "./commands/events.ts";
import { addLs } from "./commands/ls.ts";
import { addMaterialize } from "./commands/materialize.ts";
import { addJob } from "./commands/job.ts";
import { addRun } from "./commands/run.ts";
import { addRuns } from "./commands/runs.ts";
import { addObserve } from "./commands/observe.ts";
import { addReport } from "./commands/report.ts";
import { addRelease } from "./commands/release.ts";
import { addRecheck } from "./commands/recheck.ts";
import { addRollback } from "./commands/rollback.ts";
import { addResource } from "./commands/resource.ts";
import { addServe } from "./commands/serve.ts";
import { addShow } from "./commands/show.ts";
import { addSnapshot } from "./commands/snapshot.ts";
import { addVerify } from "./commands/verify.ts";
import { addValidate } from "./commands/validate.ts";
import { addVersions } from "./commands/versions.ts";
import { addWhy } from "./commands/why.ts";
import { withExamples } from "./examples.ts";
import type { ExitCode } from "./exit-code.ts";
import { packageVersion } from "../app/package-version.ts";

/**
 * All commands with their options and help. Only commander is loaded here; what a command works with, it imports when
 * it is called.
 *
 * @param finish Told what the process answers
 */
export function createProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command("millrace")
    .description(
      "Orchestrates data assets and serves them as HTTP APIs: one graph from source to asset to endpoint.",
    )
    .version(packageVersion(), "--version", "print the version")
    .helpOption("-h, --help", "show help")
    .addOption(
      new Option("--project <folder>", "the project's folder, or one inside it (default: the current one)"),
    )
    .option("--env <name>", "the environment to work in (default: MILLRACE_ENV, or main)")
    .option("--json", "machine-readable: only JSON on standard output, errors as JSON on standard error")
    .option("--no-color", "no colours (there are none off a terminal, or when NO_COLOR is set)")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    // Errors are printed in one place, in words or as JSON; see failure.ts.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  addDev(program, finish);
  addMaterialize(program, finish);
  addRun(program, finish);
  addJob(program, finish);
  addServe(program, finish);
  addLs(program, finish);
  addShow(program, finish);
  addWhy(program, finish);
  addRuns(program, finish);
  addChecks(program, finish);
  addRecheck(program, finish);
  addResource(program, finish);
  addEvents(program, finish);
  addVersions(program, finish);
  addDiff(program, finish);
  addObserve(program, finish);
  addReport(program, finish);
  addRollback(program, finish);
  addRelease(program, finish);
  addSnapshot(program, finish);
  addEnv(program, finish);
  addGc(program, finish);
  addCompact(program, finish);
  addVerify(program, finish);
  addValidate(program, finish);
  withExamples(program, [
    { line: "millrace dev", does: "serve the project, and take up every change" },
    { line: "millrace materialize '*' --stale", does: "bring everything up to date" },
    { line: "millrace ls", does: "what there is, and what is stale" },
    { line: "millrace materialize --help", does: "all about one command" },
  ]);
  program.addHelpText(
    "after",
    "\nExit codes: 0 done, 1 the work failed, 2 wrong usage, 130 ended by Ctrl-C, 142 a step's time was over and it did not let go, 143 ended by SIGTERM.",
  );
  return program;
}
