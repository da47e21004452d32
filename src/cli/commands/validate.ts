import type { Command } from "commander";
import { MillraceError } from "../../core/errors.ts";
import { rootEnvironment } from "../../core/catalog/environment-name.ts";
import type { ProjectDefinition } from "../../core/project/project.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, loadProjectOf, type Invocation } from "../invocation.ts";
import { counted } from "../../core/counted.ts";
import { countDefinitions, definitionCounts } from "../definition-counts.ts";

/** `millrace validate`: loads the project and tells every mistake; touches neither state nor data. */
export function addValidate(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("validate")
    .summary("check the project's definitions, all mistakes at once")
    .description(
      "Loads the project and lists every mistake with its file and line, what its resources are configured with in the " +
        "environment and the variables that are missing among them. State and data are not touched.",
    )
    .action(async (_options: object, self: Command) => finish(await validate(invocationOf(self))));
  withExamples(command, [
    { line: "millrace validate", does: "the project of this folder" },
    { line: "millrace validate --project examples/flights", does: "another one" },
    { line: "millrace validate --json", does: "for a script" },
  ]);
}

async function validate(invocation: Invocation): Promise<ExitCode> {
  try {
    const { project } = await loadProjectOf(invocation);
    await refuseMistakenSettings(project, invocation);
    const counts = countDefinitions(project);
    await invocation.tell({ valid: true, project: project.name, ...counts, problems: [] }, () => [
      `${definitionCounts(counts)}: all good`,
    ]);
    return exitCode.ok;
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code === "PROJECT_NOT_FOUND") throw error;
    const { reportError } = await import("../../core/error-report.ts");
    const found = error.problems.length > 0 ? error.problems : [error];
    const problems = found.map(reportError);
    await invocation.tell({ valid: false, problems }, async () => {
      const { formatProblems } = await import("../text/problems.ts");
      return [...formatProblems(problems, process.stdout), "", counted(problems.length, "mistake")];
    });
    return exitCode.failed;
  }
}

/** @throws PROJECT_INVALID */
async function refuseMistakenSettings(
  project: ProjectDefinition,
  { environment }: Invocation,
): Promise<void> {
  const [{ ProjectResources }, { systemClock }, { invalidProject }] = await Promise.all([
    import("../../app/project-resources.ts"),
    import("../../app/system-clock.ts"),
    import("../../app/load-project.ts"),
  ]);
  const resources = new ProjectResources({
    project,
    environment: environment ?? (process.env["MILLRACE_ENV"] || rootEnvironment),
    variables: process.env,
    clock: systemClock,
  });
  const mistakes = resources.mistakes();
  if (mistakes.length > 0) throw invalidProject(mistakes);
}
