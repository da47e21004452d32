import type { Command } from "commander";
import { aborted } from "../aborted.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { catchInterruption } from "../interruption.ts";
import { invocationOf, usingProject, type Invocation } from "../invocation.ts";
import { addListenOptions, tokensFrom, type ListenOptions } from "../listen-options.ts";

/** `millrace serve`: the API, until it is asked to end. */
export function addServe(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("serve")
    .summary("serve the endpoints over HTTP")
    .description(
      "Serves the project's endpoints under /api, with their description at /api/openapi.json and /api/docs. " +
        "MILLRACE_TOKENS (name:token pairs, divided by commas) makes requests carry a bearer token. " +
        "Ctrl-C or SIGTERM: takes no more requests, answers those it has, and ends.",
    )
    .action(async (options: ListenOptions, self: Command) =>
      finish(await serve(options, invocationOf(self))),
    );
  addListenOptions(command);
  withExamples(command, [
    { line: "millrace serve", does: "on 127.0.0.1:4000" },
    { line: "millrace serve --port 8080", does: "on another port (or set PORT)" },
    {
      line: "MILLRACE_TOKENS=me:s3cret millrace serve --host 0.0.0.0",
      does: "for other machines, with a token",
    },
  ]);
}

async function serve({ host, port }: ListenOptions, invocation: Invocation): Promise<ExitCode> {
  const tokens = tokensFrom(process.env);
  const { serveProject } = await import("../../app/serve-project.ts");
  return usingProject(invocation, async (open) => {
    using interruption = catchInterruption(() => {
      if (!invocation.json) invocation.print("ending: requests at work are answered (Ctrl-C again: at once)");
    });
    const server = await serveProject(open, { host, port, tokens });
    const { url } = server;
    const { endpoints, name } = open.loaded.project;
    const routes = endpoints.map((endpoint) => ({ route: endpoint.route, name: endpoint.name }));
    const links = { url, api: `${url}/api`, docs: `${url}/api/docs`, openapi: `${url}/api/openapi.json` };
    await invocation.tell({ project: name, ...links, endpoints: routes }, async () => {
      const { servingLines } = await import("../display/serving-lines.ts");
      return servingLines(name, url, endpoints);
    });
    await aborted(interruption.signal);
    await server.close();
    return exitCode.ok;
  });
}
