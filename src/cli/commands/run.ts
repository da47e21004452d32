import { InvalidArgumentError, Option, type Command } from "commander";
import type { JobRequest } from "../../control/jobs/run-job.ts";
import { configOf } from "../config-options.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { followRun } from "../follow-run.ts";
import { invocationOf, usingProject, type Invocation } from "../invocation.ts";
import { addRunOptions, runOptions, type RunFlags } from "../run-options.ts";

interface Options extends RunFlags {
  readonly partition?: string;
  readonly only?: readonly string[];
  readonly fromFailure?: boolean;
  readonly tag?: Readonly<Record<string, string>>;
}

/** `millrace run`: runs a job, shows how it goes, continues what was interrupted. */
export function addRun(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("run")
    .summary("run a job")
    .description(
      "Runs a job: the ops and assets of its graph, or the assets of its selection. An interrupted run of the same job, config and partition is " +
        "continued with today's code: what its ops have committed counts where their code and what they are given are the same.",
    )
    .argument("<job>", "which job; millrace job ls lists them")
    .option("--partition <name>", "the partition that the run is about, of a job with partitions")
    .option(
      "--only <steps>",
      "only these steps of its graph, by their names with commas between; a map or a nested graph stands for all in it. What they " +
        "are given by others comes from the newest run that has it",
      stepNames,
    )
    .addOption(
      new Option("--from-failure", "go on with the last run of the same also where it failed").conflicts(
        "new",
      ),
    )
    .option("--tag <name=value>", "kept with the run; may be given several times", tags)
    .action(async (job: string, options: Options, self: Command) => {
      finish(await runCommand(job, options, invocationOf(self)));
    });
  addRunOptions(command, "as the job says, else run");
  withExamples(command, [
    { line: "millrace run ingest", does: "a job" },
    { line: "millrace run ingest --set config.pages=3", does: "with a value of its config" },
    { line: "millrace run ingest --config nightly.yaml", does: "with config from a file" },
    { line: "millrace run daily --partition 2001-01", does: "for one partition" },
    { line: "millrace run ingest --explain", does: "what would be done" },
    { line: "millrace run ingest --explain --mermaid", does: "the same as a picture in Markdown" },
    { line: "millrace run ingest --from-failure", does: "what failed, and what comes after it" },
    {
      line: "millrace run ingest --only parse,merge",
      does: "two of its steps, given what they were given last",
    },
    { line: "millrace run ingest --new --tag by=hand", does: "from the beginning, with a note" },
    { line: "millrace run ingest --json", does: "what it gave, as data" },
  ]);
}

async function runCommand(job: string, options: Options, invocation: Invocation): Promise<ExitCode> {
  const config = await configOf(options);
  const { partition, only, fromFailure = false, tag } = options;
  const request: JobRequest = {
    job,
    ...(config === undefined ? {} : { config }),
    ...(partition === undefined ? {} : { partition }),
    ...(only === undefined ? {} : { only }),
  };
  if (options.explain === true) return explain(request, { ...options, fromFailure }, invocation);
  const { runJob } = await import("../../control/jobs/run-job.ts");
  const how = { ...runOptions(options), fromFailure, ...(tag === undefined ? {} : { tags: tag }) };
  return followRun(invocation, how, (context, options) => runJob(request, context, options));
}

async function explain(
  request: JobRequest,
  { mermaid = false, fromFailure }: { readonly mermaid?: boolean; readonly fromFailure: boolean },
  invocation: Invocation,
): Promise<ExitCode> {
  const { explainJob } = await import("../../control/jobs/explain-job.ts");
  const { explained, project } = await usingProject(invocation, async ({ context }) => ({
    explained: await explainJob(request, { fromFailure }, context),
    project: context.graph,
  }));
  const { jobDiagram, jobExplanation, jobExplanationData } = await import("../display/job-explanation.ts");
  await invocation.tell(jobExplanationData(explained), () =>
    mermaid ? jobDiagram(explained, project) : jobExplanation(explained),
  );
  return exitCode.ok;
}

function stepNames(given: string, before: readonly string[] = []): readonly string[] {
  const names = given.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("Give the names of steps with commas between.");
  return [...new Set([...before, ...names])];
}

function tags(
  given: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(given) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("Write it like --tag by=hand.");
  return { ...before, [name]: value };
}
