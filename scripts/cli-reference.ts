/**
 * The reference page of the command line, from what the commands say of themselves. `npm run cli:update` writes it to
 * docs/reference/cli.md; a test compares the two.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import type { Argument, Command, Option } from "commander";
import { examplesOf } from "../src/cli/examples.ts";
import { createProgram } from "../src/cli/program.ts";

export const referenceFile = new URL("../docs/reference/cli.md", import.meta.url);

export function renderReference(): string {
  const program = createProgram(() => undefined);
  const own = program.options.filter((option) => option.long !== "--version");
  const lines = [
    "# The command line",
    "",
    "<!-- Generated: npm run cli:update -->",
    "",
    program.description(),
    "",
    ...optionTable("Options of every command", own),
    "## Exit codes",
    "",
    "| code | meaning |",
    "| --- | --- |",
    "| 0 | done |",
    "| 1 | the work failed: a run, or loading the project |",
    "| 2 | wrong usage: an unknown option, or a name, selection or partition that does not exist |",
    "| 130 | ended by Ctrl-C |",
    "| 142 | ended by SIGALRM: a step whose time was over did not let go of the main thread; the run can be continued |",
    "| 143 | ended by SIGTERM |",
    "",
    "`serve`, `dev` and `events --follow` end with 0 when they are asked to end.",
    "",
    "## Output",
    "",
    "With `--json`, standard output holds one JSON document (`dev` and `events`: one to a line, for each event) and nothing else; times",
    'are ISO 8601. An error is a JSON document on standard error: `{ "error": { "code", "message", "place", "fix",',
    '"problems", "suggestions" } }`, with the codes of the [error table](errors.md), or `USAGE`.',
    "",
    "A run that failed is no such error: `materialize --json` and `run --json` tell of it on standard output, in `failures`, and end with 1.",
    "",
    "## Environment",
    "",
    "| variable | meaning |",
    "| --- | --- |",
    "| `PORT` | port of `serve` and `dev`, unless `--port` is given |",
    "| `MILLRACE_TOKENS` | bearer tokens that requests must carry: `name:token` pairs, divided by commas |",
    "| `MILLRACE_STATE` | where state lives: a folder, or a PostgreSQL URL |",
    "| `MILLRACE_DATA` | folder of the data |",
    "| `MILLRACE_ENV` | environment to work in; `main` when absent |",
    "| `MILLRACE_LOG` | level of the server's log on standard error: `debug`, `info`, `warn` (the default), `error` |",
    "| `MILLRACE_DEBUG` | `1` shows stack traces of errors |",
    "| `NO_COLOR`, `FORCE_COLOR` | never, or always, colours |",
    "",
    ...leaves(program).flatMap(({ command, path }) => describe(command, path)),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function leaves(command: Command, path = "millrace"): { command: Command; path: string }[] {
  if (command.commands.length === 0) return [{ command, path }];
  return command.commands.flatMap((inner) => leaves(inner, `${path} ${inner.name()}`));
}

function describe(command: Command, path: string): readonly string[] {
  const longest = Math.max(...examplesOf(command).map(({ line }) => line.length));
  return [
    `## ${path}`,
    "",
    "```",
    `${path} ${command.usage()}`,
    "```",
    "",
    command.description(),
    "",
    ...argumentTable(command.registeredArguments),
    ...optionTable("Options", command.options),
    "```sh",
    ...examplesOf(command).map(({ line, does }) => `${line.padEnd(longest)}  # ${does}`),
    "```",
    "",
  ];
}

function argumentTable(args: readonly Argument[]): readonly string[] {
  if (args.length === 0) return [];
  const rows = args.map((argument) => `| \`${argument.name()}\` | ${argument.description} |`);
  return ["| argument | meaning |", "| --- | --- |", ...rows, ""];
}

function optionTable(title: string, options: readonly Option[]): readonly string[] {
  if (options.length === 0) return [];
  const rows = options.map((option) => {
    const { defaultValue, envVar } = option;
    const notes = [
      ...(defaultValue === undefined || typeof defaultValue === "boolean"
        ? []
        : [`default ${String(defaultValue)}`]),
      ...(envVar === undefined ? [] : [`or ${envVar}`]),
    ];
    const note = notes.length === 0 ? "" : ` (${notes.join(", ")})`;
    return `| \`${option.flags.replaceAll("|", "\\|")}\` | ${option.description}${note} |`;
  });
  return [
    ...(title === "Options" ? [] : [`## ${title}`, ""]),
    "| option | meaning |",
    "| --- | --- |",
    ...rows,
    "",
  ];
}

if (import.meta.main && process.argv.includes("--write")) {
  mkdirSync(new URL(".", referenceFile), { recursive: true });
  writeFileSync(referenceFile, renderReference());
}
