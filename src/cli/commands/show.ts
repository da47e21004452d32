import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace show`: one asset or endpoint in full. */
export function addShow(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("show")
    .summary("show an asset or an endpoint in full")
    .description(
      "Shows how an asset or endpoint is defined, what it reads and who reads it, its checks and what is current.",
    )
    .argument("<name...>", "an asset's key, or an endpoint's route or name")
    .option(
      "--as-of <snapshot>",
      "what was current then: a number, a pinned name or a time; see millrace snapshot",
    )
    .action(async (words: string[], { asOf }: { asOf?: string }, self: Command) => {
      const invocation = invocationOf(self);
      // A route has a space in it, and quoting it is easily forgotten.
      const name = words.join(" ");
      const [{ showAsset }, { findEndpoint, showEndpoint }] = await Promise.all([
        import("../../control/assets/show-asset.ts"),
        import("../../control/assets/show-endpoint.ts"),
      ]);
      await usingProject(invocation, async ({ context }) => {
        const isAsset = context.graph.byKey.has(name) || findEndpoint(name, context) === undefined;
        if (isAsset) {
          const asset = await showAsset(name, context, asOf);
          return invocation.tell({ asset }, async () => {
            const { assetDetails } = await import("../display/asset-details.ts");
            return assetDetails(asset, Date.now());
          });
        }
        const endpoint = await showEndpoint(name, context, asOf);
        return invocation.tell({ endpoint }, async () => {
          const { endpointDetails } = await import("../display/endpoint-details.ts");
          return endpointDetails(endpoint, Date.now());
        });
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace show daily_delays", does: "an asset" },
    { line: "millrace show 'GET /airports/:iata/delays'", does: "an endpoint by its route" },
    { line: "millrace show daily_delays --as-of 12", does: "as it was at snapshot 12" },
    { line: "millrace show airportDelays --json", does: "by its name, as data" },
  ]);
}
