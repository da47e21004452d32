import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { catchInterruption } from "../interruption.ts";
import { invocationOf, type Invocation } from "../invocation.ts";
import { addListenOptions, tokensFrom, type ListenOptions } from "../listen-options.ts";
import { aborted } from "../aborted.ts";

/** `millrace dev`: serves the project and takes up every change. */
export function addDev(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("dev")
    .summary("serve the project while you work on it")
    .description(
      "Serves the project on one port and takes up every change of its files. A broken edit is told with file and line, " +
        "and the last good version keeps answering. With --json, each event is a line of JSON.",
    )
    .action(async (options: ListenOptions, self: Command) => finish(await dev(options, invocationOf(self))));
  addListenOptions(command);
  withExamples(command, [
    { line: "millrace dev", does: "on 127.0.0.1:4000" },
    { line: "millrace dev --port 4100", does: "on another port (or set PORT)" },
    { line: "millrace dev --project examples/flights", does: "another folder's project" },
  ]);
}

async function dev({ host, port }: ListenOptions, invocation: Invocation): Promise<ExitCode> {
  const tokens = tokensFrom(process.env);
  const { json, directory, environment } = invocation;
  const [{ startDevServer }, { devLines }] = await Promise.all([
    import("../../app/dev/start-dev-server.ts"),
    import("../display/dev-lines.ts"),
  ]);
  using interruption = catchInterruption(() => {
    if (!json) invocation.print("ending: requests at work are answered (Ctrl-C again: at once)");
  });
  const server = await startDevServer({
    directory,
    environment,
    host,
    port,
    tokens,
    output: json ? "stderr" : "stdout",
    tell(event) {
      if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
      else invocation.print(...devLines(event, new Date()));
    },
  });
  await aborted(interruption.signal);
  await server.close();
  return exitCode.ok;
}
